/**
 * Faults of name servers, a real one of this machine: what attempts say of them, and whose fault the egress monitor
 * holds them for.
 */
import { afterEach, describe, expect, it, beforeAll } from "@jest/globals";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { attempt } from "../../../core/delivery/attempt.ts";
import { EgressMonitor } from "../../../core/delivery/egress-monitor.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import { CachingResolver, resolverOf } from "../../../core/delivery/name-resolver.ts";
import { NameServer } from "../../../local/dns/name-server.ts";
import { keysOf } from "../../support/keys.ts";
import { startMerchant } from "../../support/merchant-server.ts";
import { TRANSPORTS, type TransportName, transportsOver } from "./over-transports.ts";

const DEADLINE_MS = 20_000;
const SHORT_DEADLINE_MS = 300;
const SECRET = Buffer.alloc(32, 1);
const names = Array.from({ length: 8 }, (_, index) => `shop-${index}.test`);
const stops: (() => unknown)[] = [];
let over: TransportName;

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Merchants of eight names at one server, a name server that knows them, and the worker's own parts in between. */
async function merchants(hasIpv6 = false) {
  const server = await NameServer.start();
  const merchant = await startMerchant((response) => response.end());
  for (const name of names) server.set(name, ["127.0.0.1"]);
  const changes: string[] = [];
  const resolver: CachingResolver = new CachingResolver(
    DEADLINE_MS,
    Date.now,
    resolverOf(DEADLINE_MS, [server.address]),
    undefined,
    { hasIpv6: () => hasIpv6, heard: (host, askedAt) => egress.heard(host, askedAt) },
  );
  const egress = new EgressMonitor({
    now: Date.now,
    changed: (mode) => void changes.push(mode),
    isHeard: (host) => resolver.isHeard(host),
  });
  const guard = new AddressGuard([`127.0.0.1:${merchant.port}`]);
  const connect = guardedConnector(guard, resolver, DEADLINE_MS, Date.now, ({ origin }, beganAt) =>
    egress.connected(origin, beganAt),
  );
  const transports = transportsOver(over, connect, { maxPools: 100 });
  stops.push(
    () => transports.close(),
    () => server.close(),
    () => merchant.stop(),
  );
  const call = async (
    name: string,
    deadlineMs = DEADLINE_MS,
    afterwards: () => void = () => undefined,
  ): Promise<{ outcome: AttemptOutcome; isOurs: boolean }> => {
    const origin = `http://${name}:${merchant.port}`;
    const beganAt = Date.now();
    const outcome = await attempt(transports.of({}), {
      merchant: { merchantId: name },
      destination: { origin, path: "/" },
      webhook: { id: "msg_1", body: "{}" },
      keys: keysOf(SECRET),
      deadlineMs,
      now: 0,
    });
    afterwards();
    return { outcome, isOurs: await egress.isOurs(origin, beganAt, outcome) };
  };
  return { server, merchant, resolver, call, changes };
}

describe.each(TRANSPORTS)("over %s", (transport) => {
  beforeAll(() => {
    over = transport;
  });

  describe("a name server of ours that refuses to be asked", () => {
    it("is told as such, never as a merchant's host that refuses, and is no attempt of any merchant", async () => {
      const { server, call } = await merchants();
      expect(await call("shop-0.test")).toMatchObject({ outcome: { kind: "delivered" }, isOurs: false });
      await server.close();
      for (const name of names.slice(1)) {
        const { outcome, isOurs } = await call(name);
        expect(outcome).toMatchObject({ kind: "failed", class: "connection", nameFault: "ours" });
        expect(outcome).toHaveProperty("error", expect.stringContaining("RESOLVE_UNREACHABLE"));
        expect(outcome).not.toHaveProperty("hasNoListener");
        expect(isOurs).toBe(true);
      }
    });

    it("is over when a merchant is reached, and merchants are held to account again", async () => {
      const { server, merchant, call } = await merchants();
      await server.close();
      for (const name of names) expect(await call(name)).toMatchObject({ isOurs: true });
      await server.open();
      expect(await call("shop-1.test")).toMatchObject({ outcome: { kind: "delivered" } });
      expect(merchant.deliveries).toHaveLength(1);
      server.set("gone.test", undefined);
      expect(await call("gone.test")).toMatchObject({ outcome: { nameFault: "theirs" }, isOurs: false });
    });
  });

  describe("a name whose servers fail", () => {
    it.each(["SERVFAIL", "REFUSED"] as const)("with %s is its merchant's, as others are answered for", async (code) => {
      const { server, call } = await merchants();
      await call("shop-0.test");
      server.set("ill.test", { A: { code } });
      const { outcome, isOurs } = await call("ill.test");
      expect(outcome).toMatchObject({ kind: "failed", class: "connection", nameFault: "unclear" });
      expect(isOurs).toBe(false);
    });

    it.each(["SERVFAIL", "REFUSED"] as const)("with %s is ours where all others fail so", async (code) => {
      const { server, call } = await merchants();
      await call("shop-0.test");
      server.fault = { code };
      expect(await call("shop-1.test")).toMatchObject({ outcome: { nameFault: "unclear" }, isOurs: true });
    });

    it("is ours where name servers are back by the time others are answered, and answer for it too", async () => {
      const { server, call } = await merchants();
      await call("shop-0.test");
      server.set("shop-1.test", { A: { code: "SERVFAIL" } });
      const isBack = () => server.set("shop-1.test", ["127.0.0.1"]);
      expect(await call("shop-1.test", DEADLINE_MS, isBack)).toMatchObject({
        outcome: { kind: "failed", nameFault: "unclear" },
        isOurs: true,
      });
    });

    it("is told by its deadline where they are silent, and is ours where they are so for all", async () => {
      const { server, call } = await merchants();
      await call("shop-0.test");
      server.fault = "silence";
      const { outcome, isOurs } = await call("shop-1.test", SHORT_DEADLINE_MS);
      expect(outcome).toMatchObject({ kind: "failed", class: "timeout", nameFault: "unclear" });
      expect(outcome).toHaveProperty("error", expect.stringContaining("RESOLVE_TIMEOUT"));
      expect(isOurs).toBe(true);
    });
  });

  describe("a family that is never answered", () => {
    it.each([
      ["AAAA", { A: { addresses: ["127.0.0.1"] }, AAAA: "silence" }],
      ["the answer of AAAA (SERVFAIL)", { A: { addresses: ["127.0.0.1"] }, AAAA: { code: "SERVFAIL" } }],
    ] as const)("costs no delivery: %s is missing", async (_, zone) => {
      const { server, call } = await merchants(true);
      server.set("half.test", zone);
      expect(await call("half.test")).toMatchObject({ outcome: { kind: "delivered" } });
    });
  });

  it("a name server that is asked whether it answers is asked each time, and not c-ares' own memory", async () => {
    const { server, resolver } = await merchants();
    expect(await resolver.isHeard("shop-0.test")).toBe(true);
    await server.close();
    expect(await resolver.isHeard("shop-0.test")).toBe(false);
  });
});
