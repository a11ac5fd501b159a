/**
 * What a merchant gets: a Standard Webhooks payload (`type`, `timestamp`, `data`). The id is the same for every attempt
 * and redelivery of a version, so merchants can deduplicate on it; `data.version` is the sequence number, signed with
 * the rest. Merchants choose between two forms of the body: in the second one a payload is a member of its own.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { hash } from "node:crypto";
import { type AttributeMap, membersJson } from "../transaction/attribute-value.ts";
import { quoted } from "../transaction/json-text.ts";
import type { RedeliveryId } from "../transaction/message.ts";
import type { PayloadVersion } from "../transaction/payload-version.ts";
import type { Transaction } from "../transaction/transaction.ts";

/** The job that sends it again; on nothing else. */
export const REDELIVERY_HEADER = "webhook-redelivery";

export interface Webhook {
  /** Value of the `webhook-id` header; contains no dot, as the signed text is joined with dots. */
  readonly id: string;
  /** JSON, exactly the bytes that are signed and sent. */
  readonly body: string;
}

const ID_HEX_DIGITS = 40;

export function webhookId(transactionId: string, version: number): string {
  return `msg_${hash("sha256", `[${quoted(transactionId)},${version}]`, "hex").slice(0, ID_HEX_DIGITS)}`;
}

/** Members of `data` that no payload can take the place of. */
export const OWN_NAMES: ReadonlySet<string> = new Set([
  "transactionId",
  "version",
  "merchantId",
  "outcome",
  "amount",
  "currency",
  "occurredAt",
]);

/**
 * Members of `payload` follow the pipeline's own in `data`; one with the name of an own member is left out.
 *
 * @param transaction as it was checked: outcome, amount, currency and time hold nothing that JSON escapes
 * @param payloadVersion in the second form the payload is one member, and clashes with nothing
 */
export function buildWebhook(transaction: Transaction, payloadVersion: PayloadVersion = 1): Webhook {
  if (payloadVersion === 2) return buildSecond(transaction);
  const { transactionId, version, merchantId, outcome, amount, currency, occurredAt, payload } = transaction;
  const own =
    `"transactionId":${quoted(transactionId)},"version":${version},"merchantId":${quoted(merchantId)},` +
    `"outcome":"${outcome}","amount":"${amount}","currency":"${currency}","occurredAt":"${occurredAt}"`;
  const data = payload === undefined ? own : withPayload(own, payload);
  const body = `{"type":"transaction.${outcome.toLowerCase()}","timestamp":"${occurredAt}","data":{${data}}}`;
  return { id: webhookId(transactionId, version), body };
}

function buildSecond(transaction: Transaction): Webhook {
  const { transactionId, version, merchantId, outcome, amount, currency, occurredAt, payload } = transaction;
  const members = payload === undefined ? "" : `,"payload":{${membersJson(payload)}}`;
  const data =
    `"transactionId":${quoted(transactionId)},"version":${version},"merchantId":${quoted(merchantId)},` +
    `"outcome":"${outcome}","amount":{"value":"${amount}","currency":"${currency}"},` +
    `"occurredAt":"${occurredAt}"${members}`;
  const type = `transaction.${outcome.toLowerCase()}`;
  const body = `{"type":"${type}","timestamp":"${occurredAt}","payloadVersion":2,"data":{${data}}}`;
  return { id: webhookId(transactionId, version), body };
}

const MAY_BE_INDEX = /^\d/;

function withPayload(own: string, payload: AttributeMap): string {
  if (MAY_BE_INDEX.test(Object.keys(payload)[0] ?? "")) return aroundOwn(own, payload);
  const members = membersJson(payload, OWN_NAMES);
  return members === "" ? own : `${own},${members}`;
}

/**
 * Members whose names are integers come first in every JavaScript object, and so they have always come first in bodies.
 */
function aroundOwn(own: string, payload: AttributeMap): string {
  const names = Object.keys({ transactionId: {}, ...payload });
  const indexes = new Set(names.slice(0, names.indexOf("transactionId")));
  const others = new Set(names.filter((name) => !indexes.has(name)));
  const parts = [membersJson(payload, others), own, membersJson(payload, new Set([...OWN_NAMES, ...indexes]))];
  return parts.filter((members) => members !== "").join(",");
}

/** What a merchant is told of one that a job sends again, as a line of the head; an id of a job holds no CR or LF. */
export function redeliveryLine({ jobId }: RedeliveryId): string {
  return `${REDELIVERY_HEADER}: ${jobId}\r\n`;
}
