/** Connections and pools when there are thousands of merchants: what is opened, what is used again, and what is closed. */
import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../delivery/address-guard.ts";
import { attempt } from "../../delivery/attempt.ts";
import { guardedConnector } from "../../delivery/guarded-connector.ts";
import { Origins } from "../../delivery/origins.ts";
import { type MerchantServer, startMerchant, startRawMerchant } from "../faults/merchant-server.ts";
import { settle, until } from "../faults/until.ts";

const DEADLINE_MS = 20_000;
const MAX_ORIGINS = 200;
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** One server that is the merchant of every name below `localhost`, and calls to it over the real path. */
async function merchants(
  started: Promise<MerchantServer> = startMerchant((response) => response.end()),
  keepAliveMs?: number,
) {
  const server = await started;
  const guard = new AddressGuard([`127.0.0.1:${server.port}`]);
  const resolver = { resolve: async () => ["127.0.0.1"] };
  const origins = new Origins(guardedConnector(guard, resolver, DEADLINE_MS, Date.now), MAX_ORIGINS, keepAliveMs);
  stops.push(
    () => origins.close(),
    () => server.stop(),
  );
  const call = async (nth: number): Promise<string> => {
    const destination = { origin: `http://m${nth}.localhost:${server.port}`, path: "/" };
    const webhook = { id: `msg_${nth}`, body: "{}" };
    const outcome = await attempt(origins, {
      destination,
      webhook,
      keys: [],
      deadlineMs: DEADLINE_MS,
      now: Date.now(),
    });
    return outcome.kind;
  };
  return { server, origins, call };
}

/** Answers well, never closes a connection, and says so. */
function keeping(socket: Socket): void {
  socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nkeep-alive: timeout=600\r\ncontent-length: 0\r\n\r\n"));
}

describe("calls to one merchant", () => {
  // Outpost#1017: about one new connection for each delivery, and thousands of ports in TIME_WAIT.
  it("one after the other go over one connection", async () => {
    const { server, call } = await merchants();
    for (let nth = 0; nth < 200; nth += 1) {
      expect(await call(1)).toBe("delivered");
      await settle();
    }
    expect([server.deliveries.length, server.opened.length]).toEqual([200, 1]);
  });

  // undici leaves a connection alone for a turn of the loop after each answer, in case its server closes it all the same.
  it("go over two connections when each begins in the very turn in which the one before ended", async () => {
    const { server, call } = await merchants();
    for (let nth = 0; nth < 200; nth += 1) expect(await call(1)).toBe("delivered");
    expect([server.deliveries.length, server.opened.length]).toEqual([200, 2]);
  });

  it("side by side open no more connections than there are calls, and later ones use those", async () => {
    const { server, call } = await merchants();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 32 }, () => call(1)));
      await settle();
    }
    expect([server.deliveries.length, server.opened.length]).toEqual([640, 32]);
  });

  it("leave no connection open once there are none for a while, however long the merchant would keep it", async () => {
    const { server, call } = await merchants(startRawMerchant(keeping), 100);
    await Promise.all(Array.from({ length: 32 }, () => call(1)));
    await until(() => server.open.size === 0);
    expect(await call(1)).toBe("delivered");
  });
});

describe("calls to thousands of merchants", () => {
  it("keep no more connections than the bound and what is under way, and close what they leave", async () => {
    const { server, origins, call } = await merchants();
    const atOnce = 100;
    let mostOpen = 0;
    let mostOrigins = 0;
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < 3000) {
        expect(await call((next += 1))).toBe("delivered");
        mostOpen = Math.max(mostOpen, server.open.size);
        mostOrigins = Math.max(mostOrigins, origins.size);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    expect(mostOrigins).toBeLessThanOrEqual(MAX_ORIGINS);
    // The server hears of a closed connection a little later than it is closed.
    expect(mostOpen).toBeLessThanOrEqual(MAX_ORIGINS + 2 * atOnce);
    await until(() => server.open.size <= MAX_ORIGINS);
    expect(server.deliveries.length).toBeGreaterThanOrEqual(3000);
  });

  it("keep no more than the bound of a hundred thousand that were called once", async () => {
    const { origins } = await merchants();
    for (let nth = 0; nth < 100_000; nth += 1) await origins.use(`https://m${nth}.example`, async () => undefined);
    expect(origins.size).toBe(MAX_ORIGINS);
  });

  it("use the connections of those that are called again and again, whoever else is called once", async () => {
    const { server, call } = await merchants();
    for (let nth = 0; nth < 2000; nth += 1) {
      await call(10 + nth);
      if (nth % 100 === 0) await call(1);
    }
    expect(server.opened).toHaveLength(2001);
  });
});
