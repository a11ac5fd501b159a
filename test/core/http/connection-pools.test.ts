import { afterEach, describe, expect, it } from "@jest/globals";
import { dialler, type Connect } from "../../../core/http/dial.ts";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { type MerchantServer, startMerchant } from "../../support/merchant-server.ts";
import { settle, until } from "../../support/until.ts";
import { ask, Asking } from "./asked.ts";

const TIMEOUT_MS = 20_000;
const merchants: MerchantServer[] = [];
let pools: ConnectionPools;

afterEach(async () => {
  pools.close();
  await Promise.all(merchants.splice(0).map((one) => one.stop()));
});

const dial = dialler(TIMEOUT_MS);
const connect: Connect = (endpoint, receive, dialled) => dial(endpoint, endpoint.host, receive, dialled);

async function merchant(respond: Parameters<typeof startMerchant>[0] = (response) => void response.end()) {
  const started = await startMerchant(respond);
  merchants.push(started);
  return started;
}

/** One call after the other, each once the connection of the one before is free again. */
async function call({ origin }: MerchantServer): Promise<number | undefined> {
  const { status } = await ask(pools, origin);
  await settle();
  return status;
}

describe("origins", () => {
  it("are bounded: the one idle longest is closed, its connections with it", async () => {
    pools = new ConnectionPools({ connect, maxPools: 2 });
    const [first, second, third] = [await merchant(), await merchant(), await merchant()];
    await call(first);
    await call(second);
    await call(first);
    await call(third);
    expect(pools.size).toBe(2);
    await until(() => second.open.size === 0);
    await call(first);
    expect(first.opened).toHaveLength(1);
  });

  it("that are in use are never closed, even over the bound", async () => {
    pools = new ConnectionPools({ connect, maxPools: 1 });
    const held: (() => void)[] = [];
    const [first, second] = [await merchant((response) => void held.push(() => response.end())), await merchant()];
    const one = ask(pools, first.origin);
    await until(() => held.length === 1);
    expect(await call(second)).toBe(200);
    expect([first.open.size, pools.size]).toEqual([1, 1]);
    const other = ask(pools, second.origin);
    expect(pools.size).toBe(2);
    held[0]?.();
    expect([(await one).status, (await other).status]).toEqual([200, 200]);
  });

  it("come back under the bound once they are idle", async () => {
    pools = new ConnectionPools({ connect, maxPools: 1 });
    const held: (() => void)[] = [];
    const hold = () => merchant((response) => void held.push(() => response.end()));
    const all = [await hold(), await hold(), await hold()];
    const calls = all.map(({ origin }) => ask(pools, origin));
    await until(() => held.length === 3);
    expect(pools.size).toBe(3);
    for (const end of held) end();
    await Promise.all(calls);
    await settle();
    expect(pools.size).toBe(1);
    await until(() => all.reduce((sum, { open }) => sum + open.size, 0) === 1);
  });

  it("are free again after a call that failed", async () => {
    pools = new ConnectionPools({ connect, maxPools: 1 });
    const [first, second] = [await merchant((response) => void response.socket?.destroy()), await merchant()];
    expect(await ask(pools, first.origin)).toMatchObject({ error: { code: "CLOSED_EARLY" } });
    expect(pools.size).toBe(0);
    await call(second);
    expect(pools.size).toBe(1);
  });

  it("let go of every connection when closed, and send nothing any more", async () => {
    pools = new ConnectionPools({ connect, maxPools: 5 });
    const [first, second] = [await merchant(), await merchant()];
    await call(first);
    await call(second);
    pools.close();
    expect(pools.size).toBe(0);
    await until(() => first.open.size + second.open.size === 0);
    expect(await ask(pools, first.origin)).toMatchObject({ error: { code: "ORIGINS_CLOSED" } });
    expect(first.deliveries).toHaveLength(1);
  });

  it("know a connection again that is opened after the ones before had grown too old", async () => {
    let now = 0;
    pools = new ConnectionPools({ connect, maxPools: 5, keepAliveMs: 4000, now: () => now });
    const one = await merchant();
    await call(one);
    now = 4000;
    await call(one);
    expect([one.opened.length, pools.size]).toEqual([2, 1]);
    await until(() => one.open.size === 1);
    pools.close();
    await until(() => one.open.size === 0);
  });

  it("know a connection again that is opened in the turn in which the last one broke", async () => {
    pools = new ConnectionPools({ connect, maxPools: 5 });
    const one = await merchant();
    const first = new Asking(one.origin);
    pools.send(one.origin, first);
    await first.ended;
    // As if it had: it rests still.
    first.connection?.giveUp();
    await call(one);
    expect([one.opened.length, pools.size]).toEqual([2, 1]);
    pools.close();
    await until(() => one.open.size === 0);
  });
});
