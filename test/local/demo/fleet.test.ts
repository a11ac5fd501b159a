import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { HmacKey } from "../../../core/signing/hmac.ts";
import { secretText, sign } from "../../../core/signing/signature.ts";
import { Fleet } from "../../../local/demo/fleet/fleet.ts";
import { isConfirmation, type Delivery } from "../../../local/demo/fleet/ledger.ts";

const SECRET = Buffer.alloc(32, 5);
const MERCHANTS = (["good", "slow", "failing-at-first", "hanging", "resetting", "gone"] as const).map((behaviour) => ({
  merchantId: behaviour,
  behaviour,
}));
const fleet = new Fleet();
let ports: Readonly<Record<string, number>> = {};

beforeAll(async () => {
  ports = await fleet.listen(MERCHANTS, 400, 1);
  await fleet.trust(Object.fromEntries(MERCHANTS.map(({ merchantId }) => [merchantId, secretText(SECRET)])));
});

afterAll(() => fleet.stop());

function deliver(merchantId: string, id: string, secret: Uint8Array = SECRET, signal?: AbortSignal): Promise<Response> {
  const body = JSON.stringify({
    type: "transaction.approved",
    data: { transactionId: `t-${id}`, version: 1, merchantId },
  });
  const seconds = Math.floor(Date.now() / 1000);
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": sign(new HmacKey(secret), id, seconds, body),
  };
  return fetch(`http://127.0.0.1:${ports[merchantId]}/confirmations`, {
    method: "POST",
    body,
    headers,
    redirect: "manual",
    ...(signal && { signal }),
  });
}

/** The delivery in the books, once nothing of it is open any more. */
async function entry(id: string): Promise<Delivery | undefined> {
  while ((await fleet.open(Date.now())) > 0) await new Promise(setImmediate);
  return (await fleet.ledger()).findLast(({ webhookId }) => webhookId === id);
}

async function hasArrived(id: string): Promise<boolean> {
  return (await fleet.ledger()).some(({ webhookId }) => webhookId === id);
}

test("what a good merchant accepts is in the books as a confirmation, with ids, version and time", async () => {
  const before = Date.now();
  const { status } = await deliver("good", "msg_good");
  const delivery = await entry("msg_good");
  expect(delivery).toMatchObject({
    merchantId: "good",
    transactionId: "t-msg_good",
    version: 1,
    verified: true,
    responseStatus: status,
  });
  expect(delivery && isConfirmation(delivery)).toBe(true);
  expect(delivery?.arrivedAtMs).toBeGreaterThanOrEqual(before);
});

test("a signature by another secret is refused and confirms nothing", async () => {
  expect((await deliver("good", "msg_forged", Buffer.alloc(32, 6))).status).toBe(401);
  const delivery = await entry("msg_forged");
  expect(delivery).toMatchObject({ verified: false, responseStatus: 401 });
  expect((await fleet.counts()).unverified).toBe(1);
});

test("a merchant that fails at first accepts at last", async () => {
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1)
    statuses.push((await deliver("failing-at-first", "msg_first")).status);
  expect(statuses[0]).toBeGreaterThanOrEqual(300);
  expect(statuses[2]).toBe(200);
});

test("an answer that comes when its caller has gone is not in the books", async () => {
  const caller = new AbortController();
  const calling = deliver("slow", "msg_abandoned", SECRET, caller.signal);
  while (!(await hasArrived("msg_abandoned"))) await new Promise(setImmediate);
  caller.abort();
  await expect(calling).rejects.toThrow();
  const delivery = await entry("msg_abandoned");
  expect(delivery).toMatchObject({ verified: true });
  expect(delivery?.responseStatus).toBeUndefined();
});

test("a caller that closes its side only has gone as well", async () => {
  const body = JSON.stringify({ data: { transactionId: "t", version: 1 } });
  const seconds = Math.floor(Date.now() / 1000);
  const socket = connect(ports["slow"] as number, "127.0.0.1");
  socket.end(
    `POST / HTTP/1.1\r\nhost: x\r\nwebhook-id: msg_half\r\nwebhook-timestamp: ` +
      `${seconds}\r\nwebhook-signature: ` +
      `${sign(new HmacKey(SECRET), "msg_half", seconds, body)}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  socket.resume();
  await once(socket, "close");
  expect((await entry("msg_half"))?.responseStatus).toBeUndefined();
});

test.each(["good", "slow"])(
  "held up until its caller has gone, a %s merchant does not count its answer",
  async (merchant) => {
    const id = `msg_held_up_${merchant}`;
    const caller = new AbortController();
    if (merchant === "good") process.kill(fleet.pid as number, "SIGSTOP");
    const calling = deliver(merchant, id, SECRET, caller.signal);
    if (merchant === "slow") {
      while (!(await hasArrived(id))) await new Promise(setImmediate);
      process.kill(fleet.pid as number, "SIGSTOP");
    }
    setTimeout(() => caller.abort(), 200);
    await expect(calling).rejects.toThrow();
    process.kill(fleet.pid as number, "SIGCONT");
    while (!(await hasArrived(id))) await new Promise(setImmediate);
    expect((await entry(id))?.responseStatus).toBeUndefined();
  },
);

test("merchants that hang or reset never confirm", async () => {
  for (let index = 0; index < 6; index += 1) {
    await expect(deliver("resetting", `msg_reset_${index}`).then((response) => response.text())).rejects.toThrow();
    await expect(
      deliver("hanging", `msg_hang_${index}`, SECRET, AbortSignal.timeout(100)).then((response) => response.text()),
    ).rejects.toThrow();
    expect((await entry(`msg_reset_${index}`))?.responseStatus).toBeUndefined();
    expect((await entry(`msg_hang_${index}`))?.responseStatus).toBeUndefined();
  }
});

test("where a merchant is gone nothing listens", async () => {
  await expect(deliver("gone", "msg_gone")).rejects.toThrow();
});
