/** Connections when there are thousands of merchants: what is opened, what is used again, and what is closed. */
import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { attempt } from "../../../core/delivery/attempt.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import type { Connect } from "../../../core/http/dial.ts";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { type MerchantServer, startMerchant, startRawMerchant } from "../../support/merchant-server.ts";
import { strictFake } from "../../support/strict-fake.ts";
import { settle, until } from "../../support/until.ts";
import { ask } from "./asked.ts";

const DEADLINE_MS = 20_000;
const MAX_POOLS = 200;
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
  const connect = guardedConnector(guard, resolver, DEADLINE_MS, Date.now);
  const pools = new ConnectionPools({
    connect,
    maxPools: MAX_POOLS,
    ...(keepAliveMs !== undefined && { keepAliveMs }),
  });
  stops.push(
    async () => pools.close(),
    () => server.stop(),
  );
  const call = async (nth: number): Promise<string> => {
    const destination = { origin: `http://m${nth}.localhost:${server.port}`, path: "/" };
    const webhook = { id: `msg_${nth}`, body: "{}" };
    const outcome = await attempt(pools, {
      merchant: { merchantId: "m-1" },
      destination,
      webhook,
      keys: [],
      deadlineMs: DEADLINE_MS,
      now: Date.now(),
    });
    return outcome.kind;
  };
  return { server, pools, call };
}

/** Connections without a network: each request is answered at once. */
function answering(opened: () => void, closed: () => void): Connect {
  const response = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  return (_endpoint, receive, dialled) => {
    const socket: Socket = strictFake<Socket>("socket", {
      on: () => socket,
      cork: () => undefined,
      uncork: () => undefined,
      write: () => queueMicrotask(() => receive?.(response, response.length)) === undefined,
      writableLength: 0,
      destroy: () => (closed(), socket),
    });
    queueMicrotask(() => {
      opened();
      dialled(undefined, socket);
    });
    return () => undefined;
  };
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

  // A connection is left alone to the end of the turn in which its response came, in case its server closes it all the
  // same.
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
  it("keep no more connections than the bound and what is in flight, and close what they leave", async () => {
    const { server, pools, call } = await merchants();
    const atOnce = 100;
    let mostOpen = 0;
    let mostPools = 0;
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < 3000) {
        expect(await call((next += 1))).toBe("delivered");
        mostOpen = Math.max(mostOpen, server.open.size);
        mostPools = Math.max(mostPools, pools.size);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    expect(mostPools).toBeLessThanOrEqual(MAX_POOLS);
    // The server hears of a closed connection a little later than it is closed.
    expect(mostOpen).toBeLessThanOrEqual(MAX_POOLS + 2 * atOnce);
    await until(() => server.open.size <= MAX_POOLS);
    expect(server.deliveries.length).toBeGreaterThanOrEqual(3000);
  });

  it("keep no more than the bound of a hundred thousand that were called once", async () => {
    let open = 0;
    const pools = new ConnectionPools({
      connect: answering(
        () => (open += 1),
        () => (open -= 1),
      ),
      maxPools: MAX_POOLS,
    });
    stops.push(async () => pools.close());
    let most = 0;
    const failed: unknown[] = [];
    for (let nth = 0; nth < 100_000; nth += 1) {
      const asked = await ask(pools, `https://m${nth}.example`);
      if (asked.status !== 200) failed.push(asked);
      most = Math.max(most, pools.size);
      if (nth % 100 === 0) await settle(1);
    }
    await settle();
    expect(failed).toEqual([]);
    expect([pools.size, open]).toEqual([MAX_POOLS, MAX_POOLS]);
    // What was answered rests to the end of its turn.
    expect(most).toBeLessThanOrEqual(MAX_POOLS + 101);
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
