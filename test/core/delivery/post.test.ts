import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import { post, POST_BODY_BYTES, type PostBounds, type PostRequest } from "../../../core/delivery/post.ts";
import { type MerchantServer, startMerchant } from "../../support/merchant-server.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { until } from "../../support/until.ts";
import { TRANSPORTS, type TransportName, transportsOver } from "./over-transports.ts";

const DEADLINE_MS = 20_000;
const SHORT_DEADLINE_MS = 150;
const stops: (() => Promise<void>)[] = [];
let over: TransportName;
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

function posted(server: MerchantServer, changes: Partial<PostRequest & PostBounds> = {}) {
  const guard = new AddressGuard([`127.0.0.1:${server.port}`]);
  const connect = guardedConnector(guard, { resolve: neverCalled("resolve") }, DEADLINE_MS, Date.now);
  const transports = transportsOver(over, connect);
  stops.push(
    async () => transports.close(),
    () => server.stop(),
  );
  const { deadlineMs = DEADLINE_MS, signal, ...request } = changes;
  return post(
    transports.of({}),
    {
      destination: { origin: server.origin, path: "/token" },
      headerLines: "content-type: application/x-www-form-urlencoded\r\n",
      body: "grant_type=client_credentials",
      ...request,
    },
    { deadlineMs, signal },
  );
}

describe.each(TRANSPORTS)("over %s", (transport) => {
  beforeAll(() => {
    over = transport;
  });

  describe("a post", () => {
    it("hands back status, headers and the whole body, and has sent what was asked for once", async () => {
      const text = "x".repeat(20_000);
      const server = await startMerchant((response) => response.writeHead(401, { "x-a": "1" }).end(text));
      const response = await posted(server);
      expect(response).toMatchObject({ kind: "response", status: 401, headers: { "x-a": "1" }, isWhole: true });
      expect(String("body" in response && response.body)).toBe(text);
      expect(server.deliveries).toEqual([
        expect.objectContaining({ method: "POST", url: "/token", body: "grant_type=client_credentials" }),
      ]);
      expect(server.deliveries[0]?.headers).toMatchObject({
        host: server.origin.slice("http://".length),
        "content-type": "application/x-www-form-urlencoded",
        "content-length": "29",
      });
    });

    it("reads a body to its bound and no further", async () => {
      const server = await startMerchant((response) => response.end(Buffer.alloc(10_000_000)));
      const response = await posted(server);
      expect(response).toMatchObject({ kind: "response", status: 200, isWhole: false });
      expect("body" in response && response.body.length).toBe(POST_BODY_BYTES);
    });

    it("does not go where it is redirected to", async () => {
      const server = await startMerchant((response) => response.writeHead(307, { location: "/elsewhere" }).end());
      expect(await posted(server)).toMatchObject({ kind: "response", status: 307 });
      expect(server.deliveries).toHaveLength(1);
    });

    it("fails as an attempt does where there is no response", async () => {
      const silent = await startMerchant(() => undefined);
      expect(await posted(silent, { deadlineMs: SHORT_DEADLINE_MS })).toMatchObject({
        kind: "failed",
        class: "timeout",
      });
      const destination = { origin: `https://10.0.0.1:${silent.port}`, path: "/token" };
      expect(await posted(silent, { destination })).toMatchObject({ kind: "failed", class: "refused" });
    });

    it("ends when it is wanted no more, before and after it was sent", async () => {
      const server = await startMerchant(() => undefined);
      const aborted = { kind: "failed", class: "connection", error: "the request is wanted no more" };
      expect(await posted(server, { signal: AbortSignal.abort() })).toEqual(aborted);
      const abort = new AbortController();
      const response = posted(server, { signal: abort.signal });
      await until(() => server.deliveries.length > 0);
      abort.abort();
      expect(await response).toEqual(aborted);
    });
  });
});
