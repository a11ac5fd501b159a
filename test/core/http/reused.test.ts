import { afterEach, expect, it } from "@jest/globals";
import { type Connect, dialler } from "../../../core/http/dial.ts";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { startMerchant } from "../../support/merchant-server.ts";
import { settle } from "../../support/until.ts";
import { ask } from "./asked.ts";

const TIMEOUT_MS = 20_000;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

async function server(): Promise<string> {
  const started = await startMerchant((response) => void response.end("{}"));
  ends.push(() => started.stop());
  return started.origin;
}

it("calls that go out on a connection that carried one before are told, and only those", async () => {
  let reused = 0;
  const dial = dialler(TIMEOUT_MS);
  const connect: Connect = (endpoint, ...hears) => dial(endpoint, endpoint.host, ...hears);
  const watched = new ConnectionPools({ connect, maxPools: 10, reused: () => (reused += 1) });
  const other = new ConnectionPools({ connect, maxPools: 10 });
  ends.push(async () => {
    watched.close();
    other.close();
  });
  const [one, two] = [await server(), await server()];
  const call = async (pools: ConnectionPools, origin: string) => {
    expect(await ask(pools, origin)).toMatchObject({ status: 200, body: "{}" });
    await settle();
  };
  await call(watched, one);
  expect(reused).toBe(0);
  for (let count = 0; count < 3; count += 1) await call(watched, one);
  expect(reused).toBe(3);
  await call(watched, two);
  expect(reused).toBe(3);
  for (let count = 0; count < 3; count += 1) await call(other, one);
  expect(reused).toBe(3);
});

it("one that is not wanted any more when its turn comes leaves the connection to the next", async () => {
  let reused = 0;
  const dial = dialler(TIMEOUT_MS);
  const pools = new ConnectionPools({
    connect: (endpoint, ...hears) => dial(endpoint, endpoint.host, ...hears),
    maxPools: 10,
    reused: () => (reused += 1),
  });
  ends.push(async () => pools.close());
  const origin = await server();
  await ask(pools, origin);
  await settle();
  void ask(pools, origin, { begin: () => undefined });
  await ask(pools, origin);
  expect(reused).toBe(1);
});
