/** Hostile merchants as a caller meets them, and what their books then say. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { HmacKey } from "../../../core/signing/hmac.ts";
import { secretText, sign } from "../../../core/signing/signature.ts";
import { responseFor } from "../../../local/demo/fleet/behaviour.ts";
import { Fleet } from "../../../local/demo/fleet/fleet.ts";
import { HOSTILE_BEHAVIOURS } from "../../../local/demo/fleet/response.ts";
import { type Delivery, isConfirmation } from "../../../local/demo/fleet/ledger.ts";
import type { Watchers } from "../../../local/demo/fleet/messages.ts";
import { seededRandom } from "../../../local/demo/seeded-random.ts";

const SECRET = Buffer.alloc(32, 5);
const MERCHANTS = [...HOSTILE_BEHAVIOURS, "good" as const].map((behaviour) => ({ merchantId: behaviour, behaviour }));
const fleet = new Fleet();
let ports: Readonly<Record<string, number>> = {};
let watchers: Watchers;

beforeAll(async () => {
  watchers = await fleet.watch();
  ports = await fleet.listen(MERCHANTS, 400, 1);
  await fleet.trust(Object.fromEntries(MERCHANTS.map(({ merchantId }) => [merchantId, secretText(SECRET)])));
});

afterAll(() => fleet.stop());

/** Sends a whole request and leaves the answer to the test. */
async function call(merchantId: string, id: string): Promise<Socket> {
  const body = JSON.stringify({ type: "transaction.approved", data: { transactionId: `t-${id}`, version: 1 } });
  const seconds = Math.floor(Date.now() / 1000);
  const socket = connect(ports[merchantId] ?? 0, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(
    [
      "POST /confirmations HTTP/1.1",
      "host: 127.0.0.1",
      `content-length: ${body.length}`,
      `webhook-id: ${id}`,
      `webhook-timestamp: ${seconds}`,
      `webhook-signature: ${sign(new HmacKey(SECRET), id, seconds, body)}`,
      "",
      body,
    ].join("\r\n"),
  );
  return socket;
}

/** Reads until there is so much, then leaves. */
async function read(socket: Socket, bytes: number): Promise<string> {
  let text = "";
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    text += chunk.toString("latin1");
    if (text.length >= bytes) break;
  }
  socket.destroy();
  return text;
}

/** The delivery in the books, once nothing of it is open any more. */
async function entry(id: string): Promise<Delivery | undefined> {
  for (;;) {
    const found = (await fleet.ledger()).findLast(({ webhookId }) => webhookId === id);
    if (found !== undefined && (await fleet.open(Date.now())) === 0) return found;
  }
}

test("no hostile merchant finishes an answer within 0.5 to 2 × the deadline", () => {
  fc.assert(
    fc.property(fc.constantFrom(...HOSTILE_BEHAVIOURS), fc.nat(), (behaviour, seed) => {
      const response = responseFor({ behaviour, deliveriesBefore: 0, deadlineMs: 1000, random: seededRandom(seed) });
      const afterMs = "afterMs" in response ? response.afterMs : 0;
      expect(afterMs < 500 || afterMs > 2000).toBe(true);
    }),
  );
});

test.each(["pouring", "bombing"])("a caller that has read enough of what %s sends has its answer", async (kind) => {
  const text = await read(await call(kind, `msg_${kind}`), 70_000);
  expect(text).toMatch(/^HTTP\/1.1 200/);
  const delivery = await entry(`msg_${kind}`);
  expect(delivery && isConfirmation(delivery)).toBe(true);
});

test("a redirect leads to a forbidden address", async () => {
  const text = await read(await call("redirecting", "msg_redirect"), 1);
  expect(text).toMatch(/^HTTP\/1.1 30\d/);
  const location = /location: (.*)\r/i.exec(text)?.[1] ?? "";
  const forbidden = ["http://169.254.169.254", ...watchers.origins].map((origin) => new URL(origin).hostname);
  expect(forbidden).toContain(new URL(location).hostname);
  expect(Object.values(ports).map((port) => `127.0.0.1:${port}`)).not.toContain(new URL(location).host);
});

test.each(["dripping", "garbling"])("what %s sends is no answer", async (kind) => {
  const socket = await call(kind, `msg_${kind}`);
  await once(socket, "readable");
  socket.destroy();
  expect((await entry(`msg_${kind}`))?.responseStatus).toBeUndefined();
});

test("a merchant that resets early has read nothing", async () => {
  const socket = await call("resetting-early", "msg_early").catch(() => undefined);
  if (socket !== undefined && !socket.closed) await new Promise((resolve) => socket.once("close", resolve));
  expect((await fleet.ledger()).some(({ webhookId }) => webhookId === "msg_early")).toBe(false);
});

test("a merchant may close its port and open it again, or become another one", async () => {
  await fleet.turn("good", "closed");
  await expect(call("good", "msg_closed")).rejects.toThrow("ECONNREFUSED");
  await fleet.turn("good", "leaving");
  expect(await read(await call("good", "msg_leaving"), 1)).toMatch(/^HTTP\/1.1 410/);
  await fleet.turn("good", "good");
  expect(await read(await call("good", "msg_back"), 1)).toMatch(/^HTTP\/1.1 2/);
});

test("a connection to a listener that must not be reached is counted", async () => {
  expect(watchers.origins).toContainEqual(expect.stringContaining("http://127.0.0.2:"));
  const before = (await fleet.reached()).length;
  const socket = connect(watchers.loopbackPort, "127.0.0.1");
  await once(socket, "close");
  const beside = connect(ports["good"] ?? 0, "127.0.0.2");
  await once(beside, "close");
  expect((await fleet.reached()).slice(before)).toEqual([
    `http://127.0.0.1:${watchers.loopbackPort}`,
    `http://127.0.0.2:${ports["good"]}`,
  ]);
});
