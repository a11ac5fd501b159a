/** Ends from our own side: an exchange that gives its connection up, and everything that is closed at once. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { settle, until } from "../../support/until.ts";
import { ask, Asking } from "./asked.ts";
import { byHand } from "./connecting.ts";
import { serverThat, stopServers } from "./servers.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

afterEach(stopServers);

describe("an exchange that gives its connection up", () => {
  it.each(["onHead", "onData"] as const)("as it hears %s hears no more, and nothing is left", async (when) => {
    const { pools, server } = await serverThat((socket) => socket.write(`${OK.replace(": 2", ": 4")}ok`));
    const asking = new Asking(server.origin, { [when]: (connection: { giveUp(): void }) => connection.giveUp() });
    pools.send(server.origin, asking);
    await until(() => asking.heard.status === 200 && server.open.size === 0);
    await settle();
    expect([asking.hasEnded, asking.heard.body, pools.size]).toEqual([false, when === "onData" ? "okok" : "", 0]);
  });

  it("as it waits for a response leaves nothing", async () => {
    const { pools, server, requests } = await serverThat(() => undefined);
    const asking = new Asking(server.origin);
    pools.send(server.origin, asking);
    await until(() => requests() === 1);
    asking.connection?.giveUp();
    expect([asking.hasEnded, pools.size]).toEqual([false, 0]);
    await until(() => server.open.size === 0);
  });

  it.each(["onHead", "onData"] as const)("by throwing in %s hears its own error", async (when) => {
    const { pools, server } = await serverThat((socket) => socket.write(OK));
    const thrown = new Error("of its own");
    const { error } = await ask(pools, server.origin, {
      [when]: () => {
        throw thrown;
      },
    });
    expect([error, pools.size]).toEqual([thrown, 0]);
  });
});

describe("closing", () => {
  const resources = () =>
    process
      .getActiveResourcesInfo()
      .filter((name) => /^(?:TCP|TLS|Timeout|Immediate|GetAddrInfo)/.test(name))
      .toSorted();

  it.each<[string, boolean, (pools: ConnectionPools, origin: string) => Promise<unknown>]>([
    ["is idle", true, async (pools, origin) => (await ask(pools, origin), settle())],
    ["rests", true, (pools, origin) => ask(pools, origin)],
    ["is busy", false, async (pools, origin) => void ask(pools, origin)],
    ["is opened", true, async (pools, origin) => void ask(pools, origin.replace("http:", "https:"))],
  ])("leaves neither socket nor timer of a connection that %s", async (state, hasResponse, begin) => {
    const { pools, server, requests } = await serverThat((socket) => hasResponse && socket.write(OK));
    await settle();
    const before = resources();
    await begin(pools, server.origin);
    if (state === "is busy") await until(() => requests() === 1);
    if (state === "is opened") await until(() => server.open.size === 1);
    expect(resources()).not.toEqual(before);
    pools.close();
    await until(() => server.open.size === 0);
    await settle();
    // Timers of the test runner may have ended meanwhile.
    const left = resources();
    for (const name of before) if (left.includes(name)) left.splice(left.indexOf(name), 1);
    expect([left, pools.size]).toEqual([[], 0]);
  });

  it("abandons what is being opened, fails what waits and what is in flight, and leaves no connection", async () => {
    const { connect, dials } = byHand();
    const pools = new ConnectionPools({ connect, maxPools: 10 });
    const one = (): Asking => {
      const asking = new Asking("http://merchant.example");
      pools.send("http://merchant.example", asking);
      return asking;
    };
    const all = [one(), one(), one()];
    for (const dial of dials) dial.open();
    dials[0]?.respond(OK);
    await settle();
    dials[1]?.respond(OK);
    const waiting = [one(), one(), one()];
    pools.close();
    expect(pools.size).toBe(0);
    expect(dials.map(({ isDestroyed, isAbandoned }) => isDestroyed || isAbandoned)).not.toContain(false);
    const codes = await Promise.all([...all, ...waiting].map(async ({ ended }) => (await ended).error?.code));
    expect(codes).toEqual([undefined, undefined, ...Array.from({ length: 4 }, () => "ORIGINS_CLOSED")]);
    await settle();
  });
});
