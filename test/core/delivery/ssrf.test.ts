/**
 * Every way to a forbidden address that is known to us, on the whole path with real sockets: nothing may ever be
 * accepted by a trap.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { attempt } from "../../../core/delivery/attempt.ts";
import { type Destination, parseDestination } from "../../../core/delivery/destination.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import { CachingResolver } from "../../../core/delivery/name-resolver.ts";
import { TRANSPORTS, type TransportName, transportsOver } from "./over-transports.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { type MerchantServer, startMerchant } from "../../support/merchant-server.ts";
import { DISGUISES, FORBIDDEN_ADDRESSES, NOTATIONS } from "./ssrf/corpus.ts";
import { inUrl } from "./ssrf/asked-urls.ts";
import { type NameAnswer, type NameServer, startNameServer } from "./ssrf/name-server.ts";

const DEADLINE_MS = 20_000;
/** What an attempt may come to without a connection: anything else, a time-out first, shows that one was begun. */
const WITHOUT_CONNECTION = new Set(["url_invalid", "url_not_allowed", "refused"]);

const MERCHANT = "127.0.0.1";
const TRAPS = ["127.0.0.2", "127.0.0.3", "::1"];
/** Nothing listens there. */
const NOBODY = "127.0.0.9";

let merchant: MerchantServer;
let traps: Server[] = [];
const accepted: string[] = [];
const stops: (() => Promise<void>)[] = [];
let over: TransportName;

/** The merchant has its port at 127.0.0.1; whatever else is this machine is a trap at the same port. */
beforeAll(async () => {
  merchant = await startMerchant((response) => response.end());
  traps = await Promise.all(TRAPS.map((host) => trap(host, merchant.port)));
});

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  merchant.deliveries.length = 0;
  expect(accepted.splice(0)).toEqual([]);
});

afterAll(async () => {
  await merchant.stop();
  for (const server of traps) server.close();
});

async function trap(host: string, port: number): Promise<Server> {
  const server = createServer((socket) => {
    accepted.push(host);
    socket.destroy();
  });
  server.listen(port, host);
  await once(server, "listening");
  return server;
}

/**
 * The path from a URL to an outcome, with names that resolve as told.
 * @param allowed the only addresses on the allow-list
 */
async function path(names: (name: string, before: number) => NameAnswer, allowed: readonly string[] = []) {
  const nameServer: NameServer = await startNameServer(names);
  const clock = new FakeClock();
  const guard = new AddressGuard(allowed.map((address) => `${inUrl(address)}:${merchant.port}`));
  const resolver = new CachingResolver(5000, clock.now, nameServer.resolver, undefined, {
    hasIpv6: () => true,
  });
  const connect = guardedConnector(guard, resolver, DEADLINE_MS, Date.now);
  const transports = transportsOver(over, connect, { maxPools: 100 });
  stops.push(
    async () => transports.close(),
    () => nameServer.stop(),
  );
  const to = async (destination: Destination): Promise<string> => {
    const webhook = { id: "msg_1", body: "{}" };
    const outcome = await attempt(transports.of({}), {
      merchant: { merchantId: "m-1" },
      destination,
      webhook,
      keys: [],
      deadlineMs: DEADLINE_MS,
      now: Date.now(),
    });
    return outcome.kind === "failed" ? outcome.class : "delivered";
  };
  const call = async (url: string): Promise<string> => {
    const destination = parseDestination(url, guard);
    return "code" in destination ? destination.code : to(destination);
  };
  return { call, to, nameServer, clock, transports };
}

const noNames = (name: string): NameAnswer => {
  throw new Error(`${name} was asked for, and must not be in this test`);
};
const urls = (host: string): string[] =>
  ["https", "http"].flatMap((scheme) => [`${scheme}://${host}:${merchant.port}/`, `${scheme}://${host}/`]);

describe.each(TRANSPORTS)("over %s", (transport) => {
  beforeAll(() => {
    over = transport;
  });

  describe("the traps of these tests", () => {
    it("do notice whoever is let through", async () => {
      const { to } = await path(noNames, TRAPS);
      for (const host of TRAPS)
        expect(await to({ origin: `http://${inUrl(host)}:${merchant.port}`, path: "/" })).toBe("connection");
      expect(accepted.splice(0)).toEqual(TRAPS);
    });
  });

  describe("a URL with a forbidden address", () => {
    it.each(Object.entries(FORBIDDEN_ADDRESSES))("is refused: %s", async (_, addresses) => {
      const { call } = await path(noNames);
      for (const url of addresses.flatMap((address) => urls(inUrl(address)))) {
        expect([url, await call(url)]).toEqual([url, "url_not_allowed"]);
      }
    });

    it.each(Object.entries(NOTATIONS))("is refused in the notation %s", async (_, hosts) => {
      const { call } = await path(() => ["127.0.0.2", "::1"]);
      for (const url of hosts.flatMap(urls)) {
        const outcome = await call(url);
        expect([url, WITHOUT_CONNECTION.has(outcome) ? "refused" : outcome]).toEqual([url, "refused"]);
      }
    });

    it("is refused in every disguise", async () => {
      const { call } = await path(noNames);
      for (const url of DISGUISES.map((disguise) => disguise(merchant.port))) {
        const outcome = await call(url);
        expect([url, WITHOUT_CONNECTION.has(outcome) ? "refused" : outcome]).toEqual([url, "refused"]);
      }
    });

    it("is refused where the connection is made too, should nobody have looked at the URL", async () => {
      const { to } = await path(noNames);
      for (const address of Object.values(FORBIDDEN_ADDRESSES).flat()) {
        for (const scheme of ["https", "http"]) {
          const origin = `${scheme}://${inUrl(address)}:${merchant.port}`;
          expect([origin, await to({ origin, path: "/" })]).toEqual([origin, "refused"]);
        }
      }
    });
  });

  describe("a name", () => {
    it.each(Object.entries(FORBIDDEN_ADDRESSES))(
      "that resolves to a forbidden address is refused: %s",
      async (_, all) => {
        const nameOf = (index: number): string => `m${index}.evil.example`;
        const { call } = await path((name) => [all[Number(/^m(\d+)/.exec(name)?.[1])] ?? "8.8.8.8"]);
        for (const index of all.keys()) {
          const url = `https://${nameOf(index)}:${merchant.port}/`;
          expect([all[index], await call(url)]).toEqual([all[index], "refused"]);
        }
      },
    );

    it.each<[string, readonly string[]]>([
      ["several forbidden addresses", ["127.0.0.2", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.2"]],
      ["a CNAME of a private name", ["db.internal.example", "127.0.0.2"]],
      ["a chain of CNAMEs", ["a.example", "b.example", "c.example", "metadata.example", "127.0.0.2"]],
      ["a CNAME of this machine", ["localhost", "127.0.0.2"]],
    ])("that resolves to %s is refused", async (_, response) => {
      const { call } = await path(() => response);
      expect(await call(`https://evil.example:${merchant.port}/`)).toBe("refused");
    });

    it.each(["127.0.0.2.nip.example", "evil.example.", "EVIL.example", "xn--bcher-kva.example", "ｅvil.example"])(
      "is judged by what it resolves to, however it is spelt: %s",
      async (host) => {
        const { call, nameServer } = await path(() => ["127.0.0.2", "::1"]);
        expect(await call(`https://${host}:${merchant.port}/`)).toBe("refused");
        expect(nameServer.asked.length).toBeGreaterThan(0);
      },
    );

    it("with a forbidden address among its addresses is called at the others only, however often", async () => {
      const mixed = ["127.0.0.2", "127.0.0.1", "127.0.0.3", "::1"];
      const { to, clock, transports } = await path(() => mixed, [MERCHANT]);
      for (let nth = 0; nth < 5; nth += 1) {
        const origin = `http://m${nth}.example:${merchant.port}`;
        expect(await to({ origin, path: "/" })).toBe("delivered");
        clock.advance(2000);
      }
      expect(merchant.deliveries).toHaveLength(5);
      expect(transports.size).toBe(5);
    });

    it("whose allowed address does not answer is not attempted at its forbidden ones", async () => {
      const { to } = await path(() => [NOBODY, "127.0.0.2", "::1"], [NOBODY]);
      expect(await to({ origin: `http://m.example:${merchant.port}`, path: "/" })).toBe("connection");
    });

    it("that resolves to the merchant first and to this machine afterwards is refused from then on", async () => {
      const { to, clock, nameServer } = await path(
        (_, before) => (before === 0 ? ["127.0.0.1"] : ["127.0.0.2"]),
        [MERCHANT],
      );
      const destination = { origin: `http://rebinding.example:${merchant.port}`, path: "/" };
      expect(await to(destination)).toBe("delivered");
      for (const socket of merchant.open) socket.destroy();
      clock.advance(2000);
      for (let retry = 0; retry < 5; retry += 1) {
        expect(await to(destination)).toBe("refused");
        clock.advance(2000);
      }
      expect(nameServer.asked.length).toBeGreaterThan(4);
    });

    it("that alternates between the two is called only when it is the merchant, at the checked address", async () => {
      const { to, clock } = await path(
        (_, before) => (before % 2 === 0 ? ["127.0.0.1"] : ["127.0.0.2", "::1"]),
        [MERCHANT],
      );
      const outcomes: string[] = [];
      for (let nth = 0; nth < 6; nth += 1) {
        outcomes.push(await to({ origin: `http://alternating.example:${merchant.port}`, path: "/" }));
        for (const socket of merchant.open) socket.destroy();
        clock.advance(2000);
      }
      expect(outcomes).toEqual(["delivered", "refused", "delivered", "refused", "delivered", "refused"]);
    });

    it("whose servers fail is called at the address it had, and that is looked at again", async () => {
      const { to, clock } = await path(
        (_, before) => (before === 0 ? ["127.0.0.1", "127.0.0.2"] : "fails"),
        [MERCHANT],
      );
      const destination = { origin: `http://stale.example:${merchant.port}`, path: "/" };
      expect(await to(destination)).toBe("delivered");
      for (const socket of merchant.open) socket.destroy();
      clock.advance(2000);
      expect(await to(destination)).toBe("delivered");
    });

    it("that is not there is a failed connection, and nothing else is called", async () => {
      const { call } = await path(() => "no such name");
      expect(await call("https://nobody.example/")).toBe("connection");
    });
  });

  describe("an answer that points to a forbidden address", () => {
    it.each([301, 302, 303, 307, 308])("by a %i is not followed", async (status) => {
      const sender = await startMerchant((response) =>
        response
          .writeHead(status, {
            location: `http://127.0.0.2:${merchant.port}/`,
            "alt-svc": `h2="127.0.0.2:${merchant.port}"`,
            refresh: `0; url=http://127.0.0.2:${merchant.port}/`,
          })
          .end(),
      );
      stops.push(() => sender.stop());
      const guard = new AddressGuard([`127.0.0.1:${sender.port}`]);
      const resolver = { resolve: async () => ["127.0.0.1"] };
      const connect = guardedConnector(guard, resolver, DEADLINE_MS, Date.now);
      const transports = transportsOver(over, connect);
      stops.push(async () => transports.close());
      const destination = { origin: sender.origin, path: "/" };
      const webhook = { id: "msg_1", body: "{}" };
      const merchantOf = { merchantId: "m-1" };
      const call = { merchant: merchantOf, destination, webhook, keys: [], deadlineMs: DEADLINE_MS, now: Date.now() };
      expect(await attempt(transports.of({}), call)).toMatchObject({ class: "redirect" });
      expect(await attempt(transports.of({}), call)).toMatchObject({ class: "redirect" });
    });
  });
});
