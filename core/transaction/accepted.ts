/**
 * What a merchant accepted of a version, or may have accepted: the content of the first attempt. The record of that
 * attempt pins it on the row as `accepted`, and it never changes again for that version. A version whose content is
 * another one now is `content_changed`: its `webhook-id` is taken, so that nothing else may go out under it, and only
 * `accepted` says what the merchant knows.
 */
import { ATTRIBUTES } from "./row/attributes.ts";
import { isErased } from "./row/erased.ts";
import type { AttributeMap, AttributeValue } from "./attribute-value.ts";
import { numberOf, stringOf } from "./attribute-value.ts";
import { canonicalDecimal } from "./canonical-decimal.ts";
import { type Failure, failure } from "./failure.ts";
import type { FailureCode } from "./failure-faults.ts";
import { isInstant, isSameInstant } from "./instant.ts";
import { quoted } from "./json-text.ts";
import { DIGEST_VERSION, payloadDigest } from "./payload-digest.ts";
import type { PayloadVersion } from "./payload-version.ts";
import { CURRENCY, DECIMAL, isMerchantId, OUTCOME, type Transaction, versionOf } from "./transaction.ts";

/** Base64url, by whichever version; none in what was written without. */
const DIGEST = /^[\w-]*$/;

export interface Accepted {
  readonly merchantId: string;
  readonly outcome: string;
  readonly amount: string;
  readonly currency: string;
  readonly occurredAt: string;
  readonly payloadDigest: string;
  readonly digestVersion: number;
  /** Of the body that was offered. @default 1 */
  readonly payloadVersion?: number;
}

/** What of a row its merchant gets, but for its id, its version and its payload. */
export const CONTENT_FIELDS = ["merchantId", "outcome", "amount", "currency", "occurredAt"] as const;

/** @param payloadVersion of the body that is offered */
export function contentOf(
  { merchantId, outcome, amount, currency, occurredAt, payload }: Transaction,
  payloadVersion: PayloadVersion = 1,
): Accepted {
  const digest = payloadDigest(payload);
  const content: Accepted = {
    merchantId,
    outcome,
    amount,
    currency,
    occurredAt,
    payloadDigest: digest,
    digestVersion: DIGEST_VERSION,
  };
  return payloadVersion === 1 ? content : { ...content, payloadVersion };
}

/** What is pinned on a row for the version that it has; undefined where nothing is, or somebody else wrote it. */
export function acceptedOf(row: AttributeMap): Accepted | undefined {
  const pinned = row[ATTRIBUTES.accepted]?.M;
  if (pinned === undefined) return undefined;
  const version = numberOf(pinned["version"]);
  if (version === undefined || version !== versionOf(row)) return undefined;
  const textIn = (name: string): string => stringOf(pinned[name]) ?? "";
  const accepted = {
    merchantId: textIn("merchantId"),
    outcome: textIn("outcome"),
    amount: textIn("amount"),
    currency: textIn("currency"),
    occurredAt: textIn("occurredAt"),
    payloadDigest: textIn("payloadDigest"),
    digestVersion: numberOf(pinned["digestVersion"]) ?? 0,
    ...(pinned["payloadVersion"] !== undefined && { payloadVersion: numberOf(pinned["payloadVersion"]) ?? 1 }),
  };
  return isReadable(accepted) ? accepted : undefined;
}

/** It is written as JSON again, in which nothing but the merchant's id is escaped. */
function isReadable(accepted: Accepted): boolean {
  const { merchantId, outcome, amount, currency, occurredAt, digestVersion } = accepted;
  if (!isMerchantId(merchantId) || !OUTCOME.test(outcome) || !isInstant(occurredAt)) return false;
  if (!DECIMAL.test(amount) || !CURRENCY.test(currency)) return false;
  return DIGEST.test(accepted.payloadDigest) && digestVersion > 0;
}

export function writeAccepted(version: number, accepted: Accepted): AttributeValue {
  return {
    M: {
      version: { N: String(version) },
      merchantId: { S: accepted.merchantId },
      outcome: { S: accepted.outcome },
      amount: { S: accepted.amount },
      currency: { S: accepted.currency },
      occurredAt: { S: accepted.occurredAt },
      payloadDigest: { S: accepted.payloadDigest },
      digestVersion: { N: String(accepted.digestVersion) },
      ...(accepted.payloadVersion !== undefined && { payloadVersion: { N: String(accepted.payloadVersion) } }),
    },
  };
}

/** The same as JSON, for the record of each delivery. Nothing but a merchant's id holds what JSON escapes. */
export function acceptedJson(version: number, accepted: Accepted): string {
  const { merchantId, outcome, amount, currency, occurredAt, digestVersion, payloadVersion } = accepted;
  const form = payloadVersion === undefined ? "" : `,"payloadVersion":{"N":"${payloadVersion}"}`;
  return (
    `{"M":{"version":{"N":"${version}"},"merchantId":{"S":${quoted(merchantId)}},` +
    `"outcome":{"S":"${outcome}"},"amount":{"S":"${amount}"},"currency":{"S":"${currency}"},` +
    `"occurredAt":{"S":"${occurredAt}"},"payloadDigest":{"S":"${accepted.payloadDigest}"},` +
    `"digestVersion":{"N":"${digestVersion}"}${form}}}`
  );
}

/**
 * Which of the row's fields say something else than was accepted. What is missing was erased where the row has
 * `erasedAt` for its version, or is terminal and owes nobody anything; and of a payload that was erased in part,
 * nothing can be told.
 *
 * @returns names; none where it is the same content, however it is spelled
 */
export function changedFields(row: AttributeMap, accepted: Accepted, isTerminal: boolean): string[] {
  const hasErased = isErased(row);
  const isMissingFine = hasErased || isTerminal;
  const changed: string[] = CONTENT_FIELDS.filter((name) => {
    if (row[name] === undefined) return !isMissingFine;
    const value = stringOf(row[name]);
    return value === undefined || !isSame(name, value, accepted[name]);
  });
  if (!hasErased && isPayloadChanged(row["payload"], accepted, isMissingFine)) changed.push("payload");
  return changed;
}

/** Nothing can be told by a digest of another kind. */
function isPayloadChanged(payload: AttributeValue | undefined, accepted: Accepted, isMissingFine: boolean): boolean {
  if (accepted.digestVersion !== DIGEST_VERSION || (payload === undefined && isMissingFine)) return false;
  if (payload !== undefined && payload.M === undefined) return true;
  return payloadDigest(payload?.M) !== accepted.payloadDigest;
}

function isSame(name: (typeof CONTENT_FIELDS)[number], one: string, other: string): boolean {
  if (one === other) return true;
  if (name === "amount") return DECIMAL.test(one) && canonicalDecimal(one) === canonicalDecimal(other);
  return name === "occurredAt" && isInstant(one) && isSameInstant(one, other);
}

/** Names fields only: the reason goes through a queue. @param changed as `changedFields` has them */
export function contentChanged(version: number, changed: readonly string[]): Failure {
  return failure(
    "content_changed",
    `${changed.join(", ")}: got something else under version ${version} than was sent to the merchant, ` +
      "expected the same for as long as the version is. " +
      `The row's "accepted" is what the merchant has, or may have. Write the row again with version ${version + 1}.`,
  );
}

/** Whether a row was given up because its content was changed. */
export function hasContentChanged(row: AttributeMap): boolean {
  const code: FailureCode = "content_changed";
  return stringOf(row[ATTRIBUTES.failure]?.M?.["code"]) === code;
}
