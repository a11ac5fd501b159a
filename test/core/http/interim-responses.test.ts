import { afterEach, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { attempt } from "../../../core/delivery/attempt.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { keysOf } from "../../support/keys.ts";
import { startRawMerchant } from "../../support/merchant-server.ts";
import { neverCalled } from "../../support/strict-fake.ts";

const DEADLINE_MS = 20_000;
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const HINTS = "HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Calls a merchant that answers each request with these bytes, one write after the other. */
async function respondedWith(...writes: string[]) {
  const merchant = await startRawMerchant((socket) => {
    socket.setNoDelay(true);
    socket.on("data", (data) => {
      if (!data.toString().includes("}")) return;
      let last = Promise.resolve();
      for (const bytes of writes) {
        last = last.then(async () => {
          await new Promise((resolve) => socket.write(bytes, resolve));
          await new Promise((resolve) => setTimeout(resolve, 1));
        });
      }
    });
  });
  const guard = new AddressGuard([`127.0.0.1:${merchant.port}`]);
  const connect = guardedConnector(guard, { resolve: neverCalled("resolve") }, DEADLINE_MS, Date.now);
  const pools = new ConnectionPools({ connect, maxPools: 10 });
  stops.push(
    async () => pools.close(),
    () => merchant.stop(),
  );
  const destination = { origin: merchant.origin, path: "/" };
  const webhook = { id: "msg_1", body: "{}" };
  const call = () =>
    attempt(pools, {
      merchant: { merchantId: "m-1" },
      destination,
      webhook,
      keys: keysOf(Buffer.alloc(32, 7)),
      deadlineMs: DEADLINE_MS,
      now: 0,
    });
  return { call, merchant };
}

describe("a response that begins with interim ones", () => {
  it.each<[string, string[]]>([
    ["100 Continue", [CONTINUE + OK]],
    ["100 Continue, some time before", [CONTINUE, OK]],
    ["100 Continue in HTTP/1.0", [CONTINUE.replace("1.1", "1.0") + OK]],
    ["102 Processing", ["HTTP/1.1 102 Processing\r\n\r\n", OK]],
    ["103 Early Hints", [HINTS, OK]],
    ["several", [CONTINUE + HINTS, HINTS + CONTINUE, OK]],
    ["100 Continue byte by byte", (CONTINUE + OK).split("")],
  ])("%s, is the one that follows", async (_, writes) => {
    const { call } = await respondedWith(...writes);
    expect(await call()).toEqual({ kind: "delivered", status: 200, answer: "ok" });
  });

  it("is so for each call of a connection that is used again", async () => {
    const { call, merchant } = await respondedWith(CONTINUE + OK);
    for (let index = 0; index < 5; index += 1) expect(await call()).toMatchObject({ kind: "delivered" });
    expect(merchant.opened.length).toBeLessThanOrEqual(2);
  });

  it("fails by the status that follows", async () => {
    const { call } = await respondedWith(`${CONTINUE}HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n`);
    expect(await call()).toMatchObject({ kind: "failed", class: "status_5xx", status: 500 });
  });

  it.each(["HTTP/1.1 101 Switching Protocols\r\n\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/2 100\r\n\r\n", "\r\n"])(
    "is none where it begins with %j",
    async (bytes) => {
      const { call } = await respondedWith(bytes + OK);
      expect(await call()).toMatchObject({ kind: "failed", class: "connection" });
    },
  );

  it("without end fails at a bound", async () => {
    const { call } = await respondedWith(CONTINUE.repeat(2000));
    expect(await call()).toMatchObject({ kind: "failed", class: "connection" });
  });
});
