/**
 * What a merchant gets: a Standard Webhooks payload (`type`, `timestamp`, `data`). The id is the same for every attempt and
 * redelivery of a version, so merchants can deduplicate on it; `data.version` is the sequence number, signed with the rest.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { hash } from "node:crypto";
import type { Transaction } from "./transaction.ts";

export interface Webhook {
  /** Value of the `webhook-id` header; contains no dot, as the signed text is joined with dots. */
  readonly id: string;
  /** JSON, exactly the bytes that are signed and sent. */
  readonly body: string;
}

const ID_HEX_DIGITS = 40;

export function webhookId(transactionId: string, version: number): string {
  return `msg_${hash("sha256", JSON.stringify([transactionId, version]), "hex").slice(0, ID_HEX_DIGITS)}`;
}

/** Members of `payload` follow the pipeline's own in `data`; one with the name of an own member is left out. */
export function buildWebhook(transaction: Transaction): Webhook {
  const { transactionId, version, merchantId, outcome, amount, currency, occurredAt, payload } = transaction;
  const own = { transactionId, version, merchantId, outcome, amount, currency, occurredAt };
  const data = payload === undefined ? own : { ...own, ...payload, ...own };
  const body = JSON.stringify({ type: `transaction.${outcome.toLowerCase()}`, timestamp: occurredAt, data });
  return { id: webhookId(transactionId, version), body };
}
