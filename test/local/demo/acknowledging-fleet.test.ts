import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { HmacKey } from "../../../core/signing/hmac.ts";
import { secretText, sign } from "../../../core/signing/signature.ts";
import { Fleet } from "../../../local/demo/fleet/fleet.ts";
import { type Delivery, isConfirmation } from "../../../local/demo/fleet/ledger.ts";
import { ACKNOWLEDGING_BEHAVIOURS } from "../../../local/demo/fleet/response.ts";
import { judgeDeliveries } from "../../../local/demo/judge-deliveries.ts";
import { until } from "../../support/until.ts";

const SECRET = Buffer.alloc(32, 5);
const fleet = new Fleet();
const given: { readonly id: string; readonly body: string }[] = [];
/** What the callback is answered, one after the other; then 200. */
const answers: { readonly status: number; readonly code: string }[] = [];
let ports: Readonly<Record<string, number>> = {};
let receiver: Server;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      given.push({ id: String(request.headers["webhook-id"]), body: Buffer.concat(chunks).toString() });
      const { status, code } = answers.shift() ?? { status: 200, code: "" };
      response.writeHead(status).end(JSON.stringify({ error: { code } }));
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const merchants = ACKNOWLEDGING_BEHAVIOURS.map((behaviour) => ({ merchantId: behaviour, behaviour }));
  ports = await fleet.listen(merchants, 400, 1);
  const secrets = Object.fromEntries(merchants.map(({ merchantId }) => [merchantId, secretText(SECRET)]));
  await fleet.trust(secrets, `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/acknowledgements`);
});

afterAll(async () => {
  await fleet.stop();
  receiver.closeAllConnections();
  receiver.close();
});

async function deliver(merchantId: string, id: string): Promise<number> {
  const data = { transactionId: `t-${id}`, version: 1, merchantId };
  const body = JSON.stringify({ type: "transaction.approved", data });
  const seconds = Math.floor(Date.now() / 1000);
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": sign(new HmacKey(SECRET), id, seconds, body),
  };
  const url = `http://127.0.0.1:${ports[merchantId]}/confirmations`;
  return (await fetch(url, { method: "POST", body, headers })).status;
}

const entries = async (id: string): Promise<readonly Delivery[]> =>
  (await fleet.ledger()).filter(({ webhookId }) => webhookId === id);

async function acknowledged(id: string): Promise<void> {
  while (!(await entries(id)).some((one) => one.acknowledgedAtMs !== undefined)) await new Promise(setImmediate);
}

test("what is answered with 202 is a confirmation once its callback was taken, and not before", async () => {
  answers.push({ status: 409, code: "ACKNOWLEDGEMENT_TOO_EARLY" }, { status: 503, code: "" });
  expect(await deliver("acknowledging", "msg_soon")).toBe(202);
  expect((await entries("msg_soon")).map(isConfirmation)).toEqual([false]);
  await acknowledged("msg_soon");
  expect((await entries("msg_soon")).map(isConfirmation)).toEqual([true]);
  const sent = given.filter(({ id }) => id === "msg_soon");
  expect(sent).toHaveLength(3);
  expect(JSON.parse(sent[0]?.body ?? "")).toEqual({
    type: "webhook.acknowledgement",
    data: { merchantId: "acknowledging", transactionId: "t-msg_soon", version: 1 },
  });
});

test("what is refused for good is no confirmation, and not asked for again", async () => {
  answers.push({ status: 409, code: "ACKNOWLEDGEMENT_SUPERSEDED" });
  await deliver("acknowledging", "msg_old");
  await until(() => given.some(({ id }) => id === "msg_old"));
  await deliver("acknowledging", "msg_next");
  await acknowledged("msg_next");
  expect(given.filter(({ id }) => id === "msg_old")).toHaveLength(1);
  expect((await entries("msg_old")).map(isConfirmation)).toEqual([false]);
});

test("a late one acknowledges once it was called again, and that call is no duplicate", async () => {
  expect(await deliver("acknowledging-late", "msg_late")).toBe(202);
  expect(await deliver("acknowledging-late", "msg_late")).toBe(503);
  await acknowledged("msg_late");
  const deliveries = await entries("msg_late");
  expect(deliveries.map(isConfirmation)).toEqual([false, true]);
  expect(judgeDeliveries(deliveries).duplicates).toEqual([]);
  await deliver("acknowledging-late", "msg_late");
  expect(judgeDeliveries(await entries("msg_late")).duplicates).toHaveLength(1);
});

test("one that never acknowledges confirms nothing", async () => {
  expect(await deliver("acknowledging-never", "msg_never")).toBe(202);
  await deliver("acknowledging", "msg_after");
  await acknowledged("msg_after");
  expect((await entries("msg_never")).map(isConfirmation)).toEqual([false]);
  expect(given.some(({ id }) => id === "msg_never")).toBe(false);
});
