/**
 * What a row keeps of the submission that made it: a digest of its first version, when it was taken, and by whom. By it
 * the same submission gets the same answer for as long as the row is, whatever became of the transaction since; and
 * another one under the same id is told apart.
 */
import { hash } from "node:crypto";
import type { Principal } from "../access/principal.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { canonicalDecimal } from "../transaction/canonical-decimal.ts";
import { quoted } from "../transaction/json-text.ts";
import { payloadDigest } from "../transaction/payload-digest.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { DECIMAL } from "../transaction/transaction.ts";

export interface IntakeRecord {
  /** Of the content, however its members are ordered and its numbers spelled. */
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Subject of the access token, or whose file it came with. */
  readonly by: string;
}

/** Without the label, which says nothing of the transaction: with another one it is the same submission. */
const TEXTS = [
  "merchantId",
  "outcome",
  "currency",
  "occurredAt",
  "confirmationUrl",
  "orderingKey",
  "orderingAfter",
  "deliverBy",
] as const;
const COMPARED = [...TEXTS, "amount", "payload"] as const;

/** @param attributes the producer's part of a row; amount and payload are told by what they say */
export function contentDigest(attributes: AttributeMap): string {
  let text = `[${quoted(payloadDigest(attributes["payload"]?.M))},${quoted(amountOf(attributes))}`;
  for (const name of TEXTS) {
    const value = stringOf(attributes[name]);
    text += value === undefined ? ",null" : `,${quoted(value)}`;
  }
  return hash("sha256", `${text}]`, "base64url");
}

function amountOf(attributes: AttributeMap): string {
  const amount = stringOf(attributes["amount"]) ?? "";
  return DECIMAL.test(amount) ? canonicalDecimal(amount) : amount;
}

/** Members that two contents differ in. */
export function differencesOf(one: AttributeMap, other: AttributeMap): string[] {
  return COMPARED.filter((name) => {
    if (name === "payload") return payloadDigest(one[name]?.M) !== payloadDigest(other[name]?.M);
    if (name === "amount") return amountOf(one) !== amountOf(other);
    return stringOf(one[name]) !== stringOf(other[name]);
  });
}

export function intakeAttribute({ digest, at, by }: IntakeRecord): AttributeValue {
  return { M: { digest: { S: digest }, at: { N: String(at) }, by: { S: by } } };
}

/** @returns undefined for a row that a producer put into the table itself */
export function intakeOf(row: AttributeMap): IntakeRecord | undefined {
  const intake = row[ATTRIBUTES.intake]?.M;
  const digest = stringOf(intake?.["digest"]);
  const at = numberOf(intake?.["at"]);
  const by = stringOf(intake?.["by"]);
  if (digest === undefined || at === undefined || by === undefined) return undefined;
  return { digest, at, by };
}

/** Subjects are of no known length. */
const MAX_BY_LENGTH = 256;

export function submitterOf({ subject }: Principal): string {
  return subject.slice(0, MAX_BY_LENGTH);
}
