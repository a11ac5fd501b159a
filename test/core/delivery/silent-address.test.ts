/**
 * Names with several addresses, some of which take a connection and are silent: attempts on real sockets of this
 * machine.
 */
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { attempt } from "../../../core/delivery/attempt.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import { keysOf } from "../../support/keys.ts";
import { trustedCertificate } from "../../support/trusted-certificate.ts";
import { until } from "../../support/until.ts";
import { TRANSPORTS, type TransportName, transportsOver } from "./over-transports.ts";

const NAME = "shop.test";
const SILENT = "127.0.0.2";
const WELL = "127.0.0.1";
const REFUSED = "10.0.0.1";
const DEADLINE_MS = 20_000;
const SHORT_DEADLINE_MS = 300;
const SECRET = Buffer.alloc(32, 1);
const certificate = trustedCertificate(NAME);
const stops: (() => unknown)[] = [];
let over: TransportName;

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function listen(server: Server, host: string, port: number): Promise<{ port: number; open: Set<Socket> }> {
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
  });
  server.listen(port, host);
  await once(server, "listening");
  stops.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, open };
}

const respond: RequestListener = (_, response) => void response.end("ok");

/**
 * A merchant that is well at one address, while at another it takes connections and says nothing; both at the same
 * port.
 */
async function merchant(scheme: "https" | "http") {
  const server = scheme === "https" ? createHttpsServer(certificate, respond) : createHttpServer(respond);
  const well = await listen(server, WELL, 0);
  const silent = await listen(
    createServer((socket) => void socket.resume()),
    SILENT,
    well.port,
  );
  return { port: well.port, well, silent };
}

function calling(port: number, scheme: "https" | "http", addresses: readonly string[]) {
  const connected: string[] = [];
  const guard = new AddressGuard([`${WELL}:${port}`, `${SILENT}:${port}`]);
  const connect = guardedConnector(guard, { resolve: async () => addresses }, DEADLINE_MS, Date.now, ({ origin }) =>
    connected.push(origin),
  );
  const transports = transportsOver(over, connect, { maxPools: 100 });
  stops.push(() => transports.close());
  const call = (deadlineMs = DEADLINE_MS) =>
    attempt(transports.of({}), {
      merchant: { merchantId: "m-1" },
      destination: { origin: `${scheme}://${NAME}:${port}`, path: "/" },
      webhook: { id: "msg_1", body: "{}" },
      keys: keysOf(SECRET),
      deadlineMs,
      now: 0,
    });
  return { call, connected };
}

describe.each(TRANSPORTS)("over %s", (transport) => {
  beforeAll(() => {
    over = transport;
  });

  describe("a name whose first address takes connections and is silent", () => {
    it("is delivered to at the second within the same attempt, over TLS", async () => {
      const { port, silent } = await merchant("https");
      const { call, connected } = calling(port, "https", [SILENT, WELL]);
      expect(await call()).toMatchObject({ kind: "delivered" });
      // The loser is gone, and was told to nobody.
      await until(() => silent.open.size === 0);
      expect(connected).toHaveLength(1);
    });

    it("is called at the second first from then on", async () => {
      const { port, silent, well } = await merchant("https");
      const { call } = calling(port, "https", [SILENT, WELL]);
      let silentOpened = 0;
      await call();
      for (const socket of well.open) socket.destroy();
      await until(() => well.open.size === 0 && silent.open.size === 0);
      for (let nth = 0; nth < 3; nth += 1) {
        expect(await call()).toMatchObject({ kind: "delivered" });
        silentOpened += silent.open.size;
        for (const socket of well.open) socket.destroy();
        await until(() => well.open.size === 0);
      }
      expect(silentOpened).toBe(0);
    });

    it("over plain http is delivered to at the second with the next attempt", async () => {
      const { port, silent } = await merchant("http");
      const { call } = calling(port, "http", [SILENT, WELL]);
      expect(await call(SHORT_DEADLINE_MS)).toMatchObject({ kind: "failed", class: "timeout" });
      await until(() => silent.open.size === 0);
      expect(await call()).toMatchObject({ kind: "delivered" });
    });

    it("is dialled only where it may be: addresses that must not be called are passed over", async () => {
      const { port, silent } = await merchant("https");
      const { call } = calling(port, "https", [REFUSED, "169.254.169.254", SILENT, "::1", WELL]);
      expect(await call()).toMatchObject({ kind: "delivered" });
      await until(() => silent.open.size === 0);
    });

    it("and no other fails by its deadline in TLS, and nothing is left open", async () => {
      const { port, silent } = await merchant("https");
      const { call } = calling(port, "https", [SILENT]);
      const outcome = await call(SHORT_DEADLINE_MS);
      expect(outcome).toMatchObject({ kind: "failed", class: "timeout", error: expect.stringContaining("TLS") });
      await until(() => silent.open.size === 0);
    });
  });

  describe("sixteen attempts that end while their connections open", () => {
    it("leave no socket behind, of whichever address", async () => {
      const { port, silent } = await merchant("https");
      const { call } = calling(port, "https", [SILENT]);
      const outcomes = await Promise.all(Array.from({ length: 16 }, () => call(SHORT_DEADLINE_MS)));
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["failed"]));
      await until(() => silent.open.size === 0);
    });
  });
});
