import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "@jest/globals";
import { Pool } from "undici";
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

it("calls that go out on a connection that carried one before are told, and only those", async () => {
  let reused = 0;
  ends.push(watchReusedConnections(() => (reused += 1)));
  const pool = new Pool(await server(), { connections: 1 });
  ends.push(() => pool.destroy());
  await call(pool);
  expect(reused).toBe(0);
  for (let count = 0; count < 3; count += 1) await call(pool);
  expect(reused).toBe(3);
  const other = new Pool(await server(), { connections: 1 });
  ends.push(() => other.destroy());
  await call(other);
  expect(reused).toBe(3);
});
