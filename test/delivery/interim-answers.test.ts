import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { AddressGuard } from "../../delivery/address-guard.ts";
import { attempt } from "../../delivery/attempt.ts";
import { guardedConnector } from "../../delivery/guarded-connector.ts";
import { withoutInterimAnswers } from "../../delivery/interim-answers.ts";
import { Origins } from "../../delivery/origins.ts";
import { keysOf } from "../faults/keys.ts";
import { startRawMerchant } from "../faults/merchant-server.ts";
import { neverCalled, strictFake } from "../faults/strict-fake.ts";

const DEADLINE_MS = 20_000;
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const HINTS = "HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Calls a merchant that answers each request with these bytes, one write after the other. */
async function answeredWith(...writes: string[]) {
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
  const origins = new Origins(guardedConnector(guard, { resolve: neverCalled("resolve") }, DEADLINE_MS, Date.now), 10);
  stops.push(
    () => origins.close(),
    () => merchant.stop(),
  );
  const destination = { origin: merchant.origin, path: "/" };
  const webhook = { id: "msg_1", body: "{}" };
  const call = () =>
    attempt(origins, { destination, webhook, keys: keysOf(Buffer.alloc(32, 7)), deadlineMs: DEADLINE_MS, now: 0 });
  return { call, merchant };
}

describe("an answer that begins with interim ones", () => {
  it.each<[string, string[]]>([
    ["100 Continue", [CONTINUE + OK]],
    ["100 Continue, some time before", [CONTINUE, OK]],
    ["100 Continue in HTTP/1.0", [CONTINUE.replace("1.1", "1.0") + OK]],
    ["102 Processing", ["HTTP/1.1 102 Processing\r\n\r\n", OK]],
    ["103 Early Hints", [HINTS, OK]],
    ["several", [CONTINUE + HINTS, HINTS + CONTINUE, OK]],
    ["100 Continue byte by byte", (CONTINUE + OK).split("")],
  ])("%s, is the one that follows", async (_, writes) => {
    const { call } = await answeredWith(...writes);
    expect(await call()).toEqual({ kind: "delivered", status: 200, answer: "ok" });
  });

  it("is so for each call of a connection that is used again", async () => {
    const { call, merchant } = await answeredWith(CONTINUE + OK);
    for (let index = 0; index < 5; index += 1) expect(await call()).toMatchObject({ kind: "delivered" });
    expect(merchant.opened.length).toBeLessThanOrEqual(2);
  });

  it("fails by the status that follows", async () => {
    const { call } = await answeredWith(`${CONTINUE}HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n`);
    expect(await call()).toMatchObject({ kind: "failed", class: "status_5xx", status: 500 });
  });

  it("without end fails at a bound", async () => {
    const { call } = await answeredWith(CONTINUE.repeat(2000));
    expect(await call()).toMatchObject({ kind: "failed", class: "connection" });
  });
});

describe("what a connection reads", () => {
  it("is what came, without the interim answers, however it was cut", () => {
    const text = fc.constantFrom("ok", CONTINUE, "HTTP/1.1 1", "", "x".repeat(100));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(CONTINUE, HINTS), { maxLength: 4 }),
        text,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        (interim, body, sizes) => {
          const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
          expect(readIn(sizes, interim.join("") + answer)).toBe(answer);
        },
      ),
    );
  });

  it.each(["HTTP/1.1 101 Switching Protocols\r\n\r\n", "SSH-2.0-x\r\n", "HTTP/2 100\r\n\r\n", "\r\n"])(
    "is left alone where it begins with %j",
    (bytes) => {
      expect(readIn([3], bytes)).toBe(bytes);
    },
  );
});

/** What is read of bytes that come in chunks of these sizes, over and over. */
function readIn(sizes: readonly number[], text: string): string {
  const chunks: Buffer[] = [];
  let rest = Buffer.from(text, "latin1");
  for (let index = 0; rest.length > 0; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  const socket = withoutInterimAnswers(
    strictFake<Socket>("socket", { read: () => chunks.shift() ?? null, write: () => true }),
  );
  socket.write("POST / HTTP/1.1\r\n\r\n");
  let read = "";
  for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null)
    read += chunk.toString("latin1");
  return read;
}
