/** Ends from our own side: an exchange that gives its connection up, and everything that is closed at once. */
import { afterEach, describe, expect, it } from "@jest/globals";
import { Origins } from "../../../core/http/origins.ts";
import { settle, until } from "../../support/until.ts";
import { ask, Asking } from "./asked.ts";
import { byHand } from "./connecting.ts";
import { serverThat, stopServers } from "./servers.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

afterEach(stopServers);

describe("an exchange that gives its connection up", () => {
  it.each(["onHead", "onData"] as const)("as it hears %s hears no more, and nothing is left", async (when) => {
    const { origins, server } = await serverThat((socket) => socket.write(`${OK.replace(": 2", ": 4")}ok`));
    const asking = new Asking(server.origin, { [when]: (connection: { giveUp(): void }) => connection.giveUp() });
    origins.send(server.origin, asking);
    await until(() => asking.heard.status === 200 && server.open.size === 0);
    await settle();
    expect([asking.hasEnded, asking.heard.body, origins.size]).toEqual([false, when === "onData" ? "okok" : "", 0]);
  });

  it("as it waits for an answer leaves nothing", async () => {
    const { origins, server, requests } = await serverThat(() => undefined);
    const asking = new Asking(server.origin);
    origins.send(server.origin, asking);
    await until(() => requests() === 1);
    asking.connection?.giveUp();
    expect([asking.hasEnded, origins.size]).toEqual([false, 0]);
    await until(() => server.open.size === 0);
  });

  it.each(["onHead", "onData"] as const)("by throwing in %s hears its own error", async (when) => {
    const { origins, server } = await serverThat((socket) => socket.write(OK));
    const thrown = new Error("of its own");
    const { error } = await ask(origins, server.origin, {
      [when]: () => {
        throw thrown;
      },
    });
    expect([error, origins.size]).toEqual([thrown, 0]);
  });
});

describe("closing", () => {
  const resources = () =>
    process
      .getActiveResourcesInfo()
      .filter((name) => /^(?:TCP|TLS|Timeout|Immediate|GetAddrInfo)/.test(name))
      .toSorted();

  it.each<[string, boolean, (origins: Origins, origin: string) => Promise<unknown>]>([
    ["is idle", true, async (origins, origin) => (await ask(origins, origin), settle())],
    ["rests", true, (origins, origin) => ask(origins, origin)],
    ["is busy", false, async (origins, origin) => void ask(origins, origin)],
    ["is opened", true, async (origins, origin) => void ask(origins, origin.replace("http:", "https:"))],
  ])("leaves neither socket nor timer of a connection that %s", async (state, isAnswered, begin) => {
    const { origins, server, requests } = await serverThat((socket) => isAnswered && socket.write(OK));
    await settle();
    const before = resources();
    await begin(origins, server.origin);
    if (state === "is busy") await until(() => requests() === 1);
    if (state === "is opened") await until(() => server.open.size === 1);
    expect(resources()).not.toEqual(before);
    origins.close();
    await until(() => server.open.size === 0);
    await settle();
    // Timers of the test runner may have ended meanwhile.
    const left = resources();
    for (const name of before) if (left.includes(name)) left.splice(left.indexOf(name), 1);
    expect([left, origins.size]).toEqual([[], 0]);
  });

  it("abandons what is being opened, fails what waits and what is under way, and leaves no connection", async () => {
    const { connect, dials } = byHand();
    const origins = new Origins({ connect, maxOrigins: 10 });
    const one = (): Asking => {
      const asking = new Asking("http://merchant.example");
      origins.send("http://merchant.example", asking);
      return asking;
    };
    const all = [one(), one(), one()];
    for (const dial of dials) dial.open();
    dials[0]?.answer(OK);
    await settle();
    dials[1]?.answer(OK);
    const waiting = [one(), one(), one()];
    origins.close();
    expect(origins.size).toBe(0);
    expect(dials.map(({ isDestroyed, isAbandoned }) => isDestroyed || isAbandoned)).not.toContain(false);
    const codes = await Promise.all([...all, ...waiting].map(async ({ ended }) => (await ended).error?.code));
    expect(codes).toEqual([undefined, undefined, ...Array.from({ length: 4 }, () => "ORIGINS_CLOSED")]);
    await settle();
  });
});
