import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "@jest/globals";
import { buildConnector, Pool } from "undici";
import { watchReusedConnections } from "../../delivery/reused-connections.ts";

const ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function server(): Promise<string> {
  const running = createServer((request, response) => {
    request.resume();
    response.end("{}");
  });
  running.listen(0, "127.0.0.1");
  await once(running, "listening");
  ends.push(() => void running.close());
  return `http://127.0.0.1:${(running.address() as AddressInfo).port}`;
}

async function call(pool: Pool): Promise<void> {
  const { body } = await pool.request({ path: "/", method: "POST", body: "{}" });
  await body.dump();
}

it("calls to merchants that go out on a connection that carried one before are told, and only those", async () => {
  let reused = 0;
  const watched = watchReusedConnections(() => (reused += 1));
  ends.push(() => watched.stop());
  const connector = buildConnector({});
  const poolTo = async (isMerchant: boolean): Promise<Pool> => {
    const pool = new Pool(await server(), {
      connections: 1,
      connect: (options, answer) =>
        connector(options, (...result) => {
          if (isMerchant && result[1] !== null) watched.opened(result[1]);
          answer(...result);
        }),
    });
    ends.push(() => pool.destroy());
    return pool;
  };
  const pool = await poolTo(true);
  await call(pool);
  expect(reused).toBe(0);
  for (let count = 0; count < 3; count += 1) await call(pool);
  expect(reused).toBe(3);
  await call(await poolTo(true));
  expect(reused).toBe(3);
  const other = await poolTo(false);
  for (let count = 0; count < 3; count += 1) await call(other);
  expect(reused).toBe(3);
});
