/**
 * A line of the journal: that a version was recorded as confirmed, when, and what its merchant accepted, as the row has
 * it too. No payload is in it, only its digest.
 */
import type { Accepted } from "../transaction/accepted.ts";
import { quoted } from "../transaction/json-text.ts";

export interface JournalEntry {
  readonly transactionId: string;
  readonly version: number;
  /** Epoch milliseconds of the record. */
  readonly at: number;
  /** Undefined where the row did not say it. */
  readonly accepted: Accepted | undefined;
}

/** An array, as millions of lines need no names. Of what was accepted only a merchant's id holds what JSON escapes. */
export function journalLine({ transactionId, version, at, accepted }: JournalEntry): string {
  const what = `${quoted(transactionId)},${version},${at}`;
  if (accepted === undefined) return `[${what}]`;
  const { merchantId, outcome, amount, currency, occurredAt, payloadDigest, digestVersion, payloadVersion } = accepted;
  const content = `${quoted(merchantId)},"${outcome}","${amount}","${currency}","${occurredAt}","${payloadDigest}"`;
  return `[${what},${content},${digestVersion}${payloadVersion === undefined ? "" : `,${payloadVersion}`}]`;
}

/** @returns undefined for what is no line of the journal */
export function readJournalLine(line: string): JournalEntry | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  const [transactionId, version, at, ...content] = parsed as readonly unknown[];
  if (typeof transactionId !== "string" || transactionId === "") return undefined;
  if (!Number.isSafeInteger(version) || (version as number) < 1 || typeof at !== "number") return undefined;
  return { transactionId, version: version as number, at, accepted: acceptedIn(content) };
}

const TEXTS = 6;

function acceptedIn(content: readonly unknown[]): Accepted | undefined {
  const texts = content.slice(0, TEXTS);
  const [digestVersion, payloadVersion] = content.slice(TEXTS);
  if (texts.length < TEXTS || texts.some((text) => typeof text !== "string")) return undefined;
  if (typeof digestVersion !== "number") return undefined;
  const [merchantId = "", outcome = "", amount = "", currency = "", occurredAt = "", payloadDigest = ""] =
    texts as readonly string[];
  return {
    merchantId,
    outcome,
    amount,
    currency,
    occurredAt,
    payloadDigest,
    digestVersion,
    ...(typeof payloadVersion === "number" && { payloadVersion }),
  };
}
