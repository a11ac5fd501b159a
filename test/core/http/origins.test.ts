import { afterEach, describe, expect, it } from "@jest/globals";
import { dialler, type Connect } from "../../../core/http/dial.ts";
import { Origins } from "../../../core/http/origins.ts";
import { type MerchantServer, startMerchant } from "../../support/merchant-server.ts";
import { settle, until } from "../../support/until.ts";
import { ask, Asking } from "./asked.ts";

const TIMEOUT_MS = 20_000;
const merchants: MerchantServer[] = [];
let origins: Origins;

afterEach(async () => {
  origins.close();
  await Promise.all(merchants.splice(0).map((one) => one.stop()));
});

const dial = dialler(TIMEOUT_MS);
const connect: Connect = (endpoint, receive, dialled) => dial(endpoint, endpoint.host, receive, dialled);

async function merchant(answer: Parameters<typeof startMerchant>[0] = (response) => void response.end()) {
  const started = await startMerchant(answer);
  merchants.push(started);
  return started;
}

/** One call after the other, each once the connection of the one before is free again. */
async function call({ origin }: MerchantServer): Promise<number | undefined> {
  const { status } = await ask(origins, origin);
  await settle();
  return status;
}

describe("origins", () => {
  it("are bounded: the one idle longest is closed, its connections with it", async () => {
    origins = new Origins({ connect, maxOrigins: 2 });
    const [first, second, third] = [await merchant(), await merchant(), await merchant()];
    await call(first);
    await call(second);
    await call(first);
    await call(third);
    expect(origins.size).toBe(2);
    await until(() => second.open.size === 0);
    await call(first);
    expect(first.opened).toHaveLength(1);
  });

  it("that are in use are never closed, even over the bound", async () => {
    origins = new Origins({ connect, maxOrigins: 1 });
    const held: (() => void)[] = [];
    const [first, second] = [await merchant((response) => void held.push(() => response.end())), await merchant()];
    const one = ask(origins, first.origin);
    await until(() => held.length === 1);
    expect(await call(second)).toBe(200);
    expect([first.open.size, origins.size]).toEqual([1, 1]);
    const other = ask(origins, second.origin);
    expect(origins.size).toBe(2);
    held[0]?.();
    expect([(await one).status, (await other).status]).toEqual([200, 200]);
  });

  it("come back under the bound once they are idle", async () => {
    origins = new Origins({ connect, maxOrigins: 1 });
    const held: (() => void)[] = [];
    const hold = () => merchant((response) => void held.push(() => response.end()));
    const all = [await hold(), await hold(), await hold()];
    const calls = all.map(({ origin }) => ask(origins, origin));
    await until(() => held.length === 3);
    expect(origins.size).toBe(3);
    for (const end of held) end();
    await Promise.all(calls);
    await settle();
    expect(origins.size).toBe(1);
    await until(() => all.reduce((sum, { open }) => sum + open.size, 0) === 1);
  });

  it("are free again after a call that failed", async () => {
    origins = new Origins({ connect, maxOrigins: 1 });
    const [first, second] = [await merchant((response) => void response.socket?.destroy()), await merchant()];
    expect(await ask(origins, first.origin)).toMatchObject({ error: { code: "CLOSED_EARLY" } });
    expect(origins.size).toBe(0);
    await call(second);
    expect(origins.size).toBe(1);
  });

  it("let go of every connection when closed, and send nothing any more", async () => {
    origins = new Origins({ connect, maxOrigins: 5 });
    const [first, second] = [await merchant(), await merchant()];
    await call(first);
    await call(second);
    origins.close();
    expect(origins.size).toBe(0);
    await until(() => first.open.size + second.open.size === 0);
    expect(await ask(origins, first.origin)).toMatchObject({ error: { code: "ORIGINS_CLOSED" } });
    expect(first.deliveries).toHaveLength(1);
  });

  it("know a connection again that is opened after the ones before had grown too old", async () => {
    let now = 0;
    origins = new Origins({ connect, maxOrigins: 5, keepAliveMs: 4000, now: () => now });
    const one = await merchant();
    await call(one);
    now = 4000;
    await call(one);
    expect([one.opened.length, origins.size]).toEqual([2, 1]);
    await until(() => one.open.size === 1);
    origins.close();
    await until(() => one.open.size === 0);
  });

  it("know a connection again that is opened in the turn in which the last one broke", async () => {
    origins = new Origins({ connect, maxOrigins: 5 });
    const one = await merchant();
    const first = new Asking(one.origin);
    origins.send(one.origin, first);
    await first.ended;
    // As if it had: it rests still.
    first.connection?.giveUp();
    await call(one);
    expect([one.opened.length, origins.size]).toEqual([2, 1]);
    origins.close();
    await until(() => one.open.size === 0);
  });
});
