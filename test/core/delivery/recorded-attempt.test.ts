import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import type { Call } from "../../../core/delivery/attempt.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import { recordedAttempt } from "../../../core/delivery/recorded-attempt.ts";
import { testEvent } from "../../../core/delivery/test-event.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { keysOf } from "../../support/keys.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { type MerchantServer, startMerchant, startRawMerchant } from "../../support/merchant-server.ts";
import { TRANSPORTS, type TransportName, transportsOver } from "./over-transports.ts";

const DEADLINE_MS = 20_000;
/** Within which a merchant has time to begin its response. */
const SHORT_DEADLINE_MS = patienceMs(150);
const stops: (() => Promise<void>)[] = [];
let over: TransportName;
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function made(merchant: MerchantServer, changes: Partial<Call> = {}) {
  const { port, origin } = merchant;
  const guard = new AddressGuard([`127.0.0.1:${port}`]);
  const connect = guardedConnector(guard, { resolve: neverCalled("resolve") }, DEADLINE_MS, Date.now);
  const transports = transportsOver(over, connect);
  stops.push(
    async () => transports.close(),
    () => merchant.stop(),
  );
  const now = Date.now();
  return recordedAttempt(transports.of({}), {
    merchant: { merchantId: "m-1" },
    destination: { origin, path: "/in" },
    webhook: testEvent("test_1", 'm-"1"', now),
    keys: keysOf(Buffer.alloc(32, 7)),
    deadlineMs: DEADLINE_MS,
    now,
    ...changes,
  });
}

describe.each(TRANSPORTS)("over %s", (transport) => {
  beforeAll(() => {
    over = transport;
  });

  describe("an attempt that is shown", () => {
    it("says what was sent, as the merchant received it, and what came back, without secrets", async () => {
      const merchant = await startMerchant((response) =>
        response
          .writeHead(401, {
            "set-cookie": "session=12345678",
            "www-authenticate": "Bearer abcdefgh12345678",
            server: "x".repeat(300),
            "x-other": "1",
          })
          .end("password=hunter2 was wrong"),
      );
      const { outcome, request, response, body } = await made(merchant);
      expect(String(body)).toBe("password=hunter2 was wrong");
      const [delivery] = merchant.deliveries;
      expect(request).toEqual({ headers: delivery?.headers, body: delivery?.body });
      expect(JSON.parse(request?.body ?? "")).toMatchObject({ type: "webhook.test", data: { merchantId: 'm-"1"' } });
      expect(response?.status).toBe(401);
      expect(Object.keys(response?.headers ?? {}).toSorted()).toEqual(["date", "server", "www-authenticate"]);
      expect(response?.headers["server"]).toHaveLength(200);
      expect(response?.headers["www-authenticate"]).not.toContain("abcdefgh12345678");
      expect(outcome).toMatchObject({
        kind: "failed",
        class: "status_4xx",
        answer: expect.stringMatching(/^password=\[secret\] was/),
      });
    });

    it("says what was sent where nothing came back", async () => {
      const merchant = await startMerchant(() => undefined);
      const { outcome, request, response } = await made(merchant, { deadlineMs: SHORT_DEADLINE_MS });
      expect(outcome).toMatchObject({ kind: "failed", class: "timeout" });
      expect(request?.headers).toHaveProperty("webhook-signature");
      expect(response).toBeUndefined();
    });

    it("was sent nothing where no address may be called", async () => {
      const merchant = await startMerchant((response) => response.end());
      const destination = { origin: `https://10.0.0.1:${merchant.port}`, path: "/in" };
      const { outcome, request } = await made(merchant, { destination });
      expect(outcome).toMatchObject({ kind: "failed", class: "refused" });
      expect([request, merchant.deliveries]).toEqual([undefined, []]);
    });

    it("is sent once, whatever becomes of its connection", async () => {
      let connections = 0;
      const merchant = await startRawMerchant((socket) => {
        connections += 1;
        socket.once("data", () => socket.destroy());
      });
      const { outcome } = await made(merchant);
      expect(outcome).toMatchObject({ kind: "failed", class: "connection" });
      expect(connections).toBe(1);
    });
  });
});
