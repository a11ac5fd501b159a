import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { GivenAcknowledgement, RecordedAcknowledgement } from "../../../core/aws/record-acknowledgement.ts";
import type { MerchantLookup } from "../../../core/aws/registered-merchants.ts";
import { buildWebhook, webhookId } from "../../../core/delivery/webhook.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { merchantKeys } from "../../../core/signing/merchant-keys.ts";
import { parseMasterKeys } from "../../../core/signing/signature.ts";
import { ACKNOWLEDGEMENT_REFUSALS } from "../../../lambdas/receive-acknowledgements/response.ts";
import { receiveAcknowledgement } from "../../../lambdas/receive-acknowledgements/receive-acknowledgement.ts";
import { signAcknowledgement } from "../../../verifier/verify-webhook.mjs";
import { text, transactionRow } from "../../support/rows.ts";

const NOW = 1_795_341_600_000;
const SECONDS = NOW / 1000;
const SECRETS: Readonly<Record<string, Buffer>> = { "m-1": Buffer.alloc(32, 1), "m-2": Buffer.alloc(32, 2) };
const MASTER_KEYS = parseMasterKeys(JSON.stringify({ 1: "k".repeat(32) }));

const secretText = (secret: Buffer) => `whsec_${secret.toString("base64")}`;
const bodyOf = (data: object = {}) =>
  JSON.stringify({
    type: "webhook.acknowledgement",
    data: { merchantId: "m-1", transactionId: "t-1", version: 1, ...data },
  });

interface Given {
  readonly id?: string;
  readonly seconds?: number;
  readonly body?: string;
  readonly by?: string;
  /** What is signed, where that is something else than is sent. */
  readonly signed?: { readonly id?: string; readonly seconds?: number; readonly body?: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** As a merchant makes it, with nothing of ours. */
function requestOf({ id = webhookId("t-1", 1), seconds = SECONDS, body = bodyOf(), by = "m-1", ...more }: Given = {}) {
  const signed = { id, seconds, body, ...more.signed };
  const signature = createHmac("sha256", SECRETS[by] ?? "")
    .update(`${signed.id}.${signed.seconds}.${signed.body}`)
    .digest("base64");
  const headers = {
    "Webhook-Id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,${signature}`,
    ...more.headers,
  };
  return { headers, body };
}

function world(recorded: RecordedAcknowledgement = { kind: "confirmed", isNew: true, at: NOW }) {
  const records: GivenAcknowledgement[] = [];
  const asked: string[] = [];
  const parts = {
    nowMs: () => NOW,
    merchantOf: async (merchantId: string): Promise<MerchantLookup> => {
      asked.push(merchantId);
      const secret = SECRETS[merchantId];
      if (secret === undefined) return { kind: "unknown" };
      const merchant = { merchantId, secretKeyVersion: "1", secret: secretText(secret) };
      return { kind: "registered", keys: merchantKeys(MASTER_KEYS, merchant, NOW, ["v1"]) };
    },
    record: async (given: GivenAcknowledgement) => {
      records.push(given);
      return recorded;
    },
  };
  const receive = (request: ReturnType<typeof requestOf>) => receiveAcknowledgement(request, parts);
  return { receive, records, asked, parts };
}

describe("an acknowledgement", () => {
  it("that its merchant signed is recorded, and answered with what it confirmed", async () => {
    const { receive, records } = world();
    const { kind, answer } = await receive(requestOf());
    expect([kind, answer.status]).toEqual(["acknowledged", 200]);
    expect(answer.body).toEqual({
      transactionId: "t-1",
      version: 1,
      state: "CONFIRMED",
      recordedAt: new Date(NOW).toISOString(),
    });
    expect(records).toEqual([{ merchantId: "m-1", transactionId: "t-1", version: 1, by: "callback" }]);
  });

  it("is taken as the file for merchants makes it, and the docs have the vector", async () => {
    const secret = secretText(Buffer.alloc(32, 1));
    const ids = { id: webhookId("t-1", 1), transactionId: "t-1", version: 1 };
    const own = await signAcknowledgement({ ...ids, merchantId: "m-1", secret, now: NOW });
    const { kind } = await receiveAcknowledgement(own, world().parts);
    expect(kind).toBe("acknowledged");
    const { headers, body } = await signAcknowledgement({ ...ids, merchantId: "my-shop", secret, now: NOW });
    const page = readFileSync(join(import.meta.dirname, "../../../docs/using/acknowledgements.md"), "utf8");
    const vector = `webhook-id: ${ids.id}\n${body}\nwebhook-signature: ${headers["webhook-signature"]}\n`;
    expect(page).toContain(vector);
    expect(page).toContain(secret);
    await expect(signAcknowledgement({ ...ids, merchantId: "m-1", secret: "whpk_AAAA" })).rejects.toMatchObject({
      code: "KEYS_INVALID",
    });
  });

  it("that comes again is answered alike", async () => {
    const first = await world().receive(requestOf());
    const again = await world({ kind: "confirmed", isNew: false, at: NOW }).receive(requestOf());
    expect(again.answer).toEqual(first.answer);
    expect(again.kind).toBe("repeated");
  });

  it("of a plan that goes on does not say that the transaction is confirmed", async () => {
    const { answer } = await world({ kind: "confirmed", isNew: false, isStep: true, at: NOW }).receive(requestOf());
    expect(answer).toMatchObject({ status: 200, body: { state: "ACKNOWLEDGED", recordedAt: expect.any(String) } });
  });

  it.each([-300, 300])("may be signed %d seconds from now", async (off) => {
    expect((await world().receive(requestOf({ seconds: SECONDS + off }))).kind).toBe("acknowledged");
  });

  it.each<[string, Given]>([
    ["is older than five minutes", { seconds: SECONDS - 301 }],
    ["is of a time to come", { seconds: SECONDS + 301 }],
    ["was signed at another time", { signed: { seconds: SECONDS - 1 } }],
    ["was signed for another version", { signed: { body: bodyOf({ version: 2 }) } }],
    ["was signed for another webhook", { signed: { id: webhookId("t-2", 1) } }],
    ["another merchant signed", { by: "m-2" }],
    ["nobody signed", { headers: { "webhook-signature": "v1," } }],
    ["is signed by a scheme that nobody but us can sign", { headers: { "webhook-signature": "v1a,AAAA" } }],
    ["is of a merchant that is not there", { body: bodyOf({ merchantId: "nobody" }) }],
  ])("that %s is refused, and nothing is looked up", async (_, given) => {
    const { receive, records } = world();
    const { answer } = await receive(requestOf(given));
    expect([answer.status, answer.body]).toMatchObject([401, { error: { code: "ACKNOWLEDGEMENT_UNSIGNED" } }]);
    expect(records).toEqual([]);
  });

  it("says nothing of whether its merchant is there", async () => {
    const [unknown, unsigned] = await Promise.all([
      world().receive(requestOf({ body: bodyOf({ merchantId: "nobody" }) })),
      world().receive(requestOf({ by: "m-2" })),
    ]);
    expect(unknown.answer).toEqual(unsigned.answer);
  });

  it.each<[string, Given]>([
    ["without a webhook-id", { headers: { "Webhook-Id": "" } }],
    ["with the id of another webhook", { id: webhookId("t-2", 1) }],
    ["with a date for a time", { headers: { "webhook-timestamp": "2026-11-22" } }],
    ["without a body", { body: "" }],
    ["that is no JSON", { body: "{" }],
    ["of another type", { body: JSON.stringify({ type: "webhook.challenge", data: {} }) }],
    ["without a version", { body: bodyOf({ version: undefined }) }],
    ["with a version that is a text", { body: bodyOf({ version: "1" }) }],
    ["with more than there is", { body: bodyOf({ outcome: "APPROVED" }) }],
    ["of a merchant whose id is none", { body: bodyOf({ merchantId: "*" }) }],
  ])("%s is refused before anybody is looked up", async (_, given) => {
    const { receive, asked } = world();
    const { answer } = await receive(requestOf(given));
    expect([answer.status, answer.body]).toMatchObject([400, { error: { code: "ACKNOWLEDGEMENT_INVALID" } }]);
    expect(asked).toEqual([]);
  });

  it("of any size but a small one is refused", async () => {
    const { answer } = await world().receive(requestOf({ body: " ".repeat(16_385) }));
    expect(answer.status).toBe(413);
  });

  it("is none of our webhooks, were it ever so well signed", async () => {
    const parsed = parseTransaction(transactionRow({ outcome: text("ACKNOWLEDGEMENT") }));
    if ("faults" in parsed) throw new Error("no transaction");
    const { body } = buildWebhook(parsed.transaction);
    expect((await world().receive(requestOf({ body }))).answer.status).toBe(400);
  });

  it.each<[Exclude<RecordedAcknowledgement["kind"], "confirmed">, keyof typeof ACKNOWLEDGEMENT_REFUSALS]>([
    ["unknown", "ACKNOWLEDGEMENT_UNKNOWN"],
    ["superseded", "ACKNOWLEDGEMENT_SUPERSEDED"],
    ["changed", "ACKNOWLEDGEMENT_CONTENT_CHANGED"],
    ["not sent", "ACKNOWLEDGEMENT_TOO_EARLY"],
  ])("of one that is %s is refused with %s", async (kind, code) => {
    const { kind: is, answer, facts } = await world({ kind }).receive(requestOf());
    expect([is, answer.status]).toEqual(["refused", ACKNOWLEDGEMENT_REFUSALS[code]]);
    expect(answer.body).toMatchObject({ error: { code } });
    expect(facts).toEqual({ merchantId: "m-1", transactionId: "t-1", version: 1, code });
    expect(answer.headers["retry-after"]).toBe(kind === "not sent" ? "5" : undefined);
  });
});
