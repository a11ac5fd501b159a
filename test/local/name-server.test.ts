/** The name server of the tests, asked by c-ares itself. */
import { Resolver } from "node:dns/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { NameServer } from "../../local/dns/name-server.ts";

const servers: NameServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function asking(timeoutMs = 20_000) {
  const server = await NameServer.start();
  servers.push(server);
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  resolver.setServers([server.address]);
  return { server, resolver };
}

describe("a name server", () => {
  it("gives each family its addresses, with their time to live", async () => {
    const { server, resolver } = await asking();
    server.set("shop.test", {
      A: { addresses: ["192.0.2.1", "192.0.2.2"], ttlSeconds: 7 },
      AAAA: { addresses: ["2001:db8::1"], ttlSeconds: 9 },
    });
    expect(await resolver.resolve4("Shop.test", { ttl: true })).toEqual([
      { address: "192.0.2.1", ttl: 7 },
      { address: "192.0.2.2", ttl: 7 },
    ]);
    expect(await resolver.resolve6("shop.test", { ttl: true })).toEqual([{ address: "2001:db8::1", ttl: 9 }]);
    expect(server.asked).toEqual([
      { name: "shop.test", type: "A" },
      { name: "shop.test", type: "AAAA" },
    ]);
  });

  it("tells a name that does not exist from one without an address of the family", async () => {
    const { server, resolver } = await asking();
    server.set("shop.test", ["192.0.2.1"]);
    await expect(resolver.resolve6("shop.test")).rejects.toMatchObject({ code: "ENODATA" });
    server.set("shop.test", undefined);
    await expect(resolver.resolve4("shop.test")).rejects.toMatchObject({ code: "ENOTFOUND" });
  });

  it.each([
    ["SERVFAIL", "ESERVFAIL"],
    ["REFUSED", "EREFUSED"],
  ] as const)("answers %s for one name, or for all", async (code, reported) => {
    const { server, resolver } = await asking();
    server.set("ill.test", { A: { code } });
    await expect(resolver.resolve4("ill.test")).rejects.toMatchObject({ code: reported });
    server.set("shop.test", ["192.0.2.1"]);
    server.fault = { code };
    await expect(resolver.resolve4("shop.test")).rejects.toMatchObject({ code: reported });
    server.fault = undefined;
    expect(await resolver.resolve4("shop.test")).toEqual(["192.0.2.1"]);
  });

  it("is silent for as long as it is told to be", async () => {
    const { server, resolver } = await asking(100);
    server.set("silent.test", { A: "silence" });
    await expect(resolver.resolve4("silent.test")).rejects.toMatchObject({ code: "ETIMEOUT" });
  });

  it("answers one family late, and the other at once", async () => {
    const { server, resolver } = await asking();
    server.set("late.test", { A: { addresses: ["192.0.2.1"], afterMs: 20 }, AAAA: { addresses: ["2001:db8::1"] } });
    const answered: string[] = [];
    const note = ([address = ""]: string[]) => void answered.push(address);
    await Promise.all([resolver.resolve4("late.test").then(note), resolver.resolve6("late.test").then(note)]);
    expect(answered).toEqual(["2001:db8::1", "192.0.2.1"]);
  });

  it("once closed refuses to be asked, and answers at the same port when it is open again", async () => {
    const { server, resolver } = await asking();
    server.set("shop.test", ["192.0.2.1"]);
    const { port } = server;
    await server.close();
    await expect(resolver.resolve4("shop.test")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.open();
    expect(server.port).toBe(port);
    expect(await resolver.resolve4("shop.test")).toEqual(["192.0.2.1"]);
  });
});
