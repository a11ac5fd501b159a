/**
 * Attempts as they are kept on the row: the newest few, and of what was answered no more than a bound for all of them
 * together, so that a row stays small however often it is tried.
 */
import type { AttributeValue } from "./attribute-value.ts";
import { numberOf, stringOf } from "./attribute-value.ts";
import { quoted } from "./json-text.ts";

/** Attempts kept on a row; older ones only count in `attemptCount`. */
export const ATTEMPTS_KEPT = 10;
/** Bytes of all kept responses together; older ones are dropped first. */
export const RESPONSES_KEPT_BYTES = 2048;

/** Of a UTF-16 unit in UTF-8. */
const MAX_BYTES_A_UNIT = 3;

export interface Attempt {
  /** When it began, epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  /** `delivered`, or the class of failure. */
  readonly outcome: string;
  /** HTTP status, where there was one. */
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  /** Seconds until it is to be retried, where the merchant asked for it. */
  readonly retryAfterSeconds?: number | undefined;
  /** The first of what the merchant answered, redacted. */
  readonly answer?: string | undefined;
  /** How often the request was sent again within the attempt, where it was. */
  readonly resends?: number | undefined;
  /** Id of the recipient's channel, where it has some. */
  readonly channel?: string | undefined;
  /** Of the message that was sent, where its intent was recorded. */
  readonly intentId?: string | undefined;
}

export function withAttempt(attempts: readonly Attempt[], attempt: Attempt): Attempt[] {
  // Nearly every delivery is the first attempt.
  if (attempts.length === 0 && (attempt.answer?.length ?? 0) * MAX_BYTES_A_UNIT <= RESPONSES_KEPT_BYTES)
    return [attempt];
  const kept = [...attempts, attempt].slice(-ATTEMPTS_KEPT);
  let room = RESPONSES_KEPT_BYTES;
  for (let index = kept.length - 1; index >= 0; index -= 1) {
    const { answer: response, ...rest } = kept[index] as Attempt;
    if (response === undefined) continue;
    room -= Buffer.byteLength(response);
    if (room < 0) kept[index] = rest;
  }
  return kept;
}

export function writeAttempts(attempts: readonly Attempt[]): AttributeValue {
  return {
    L: attempts.map((attempt) => ({
      M: {
        at: { N: String(attempt.at) },
        durationMs: { N: String(attempt.durationMs) },
        outcome: { S: attempt.outcome },
        ...(attempt.status !== undefined && { status: { N: String(attempt.status) } }),
        ...(attempt.error !== undefined && { error: { S: attempt.error } }),
        ...(attempt.retryAfterSeconds !== undefined && { retryAfterSeconds: { N: String(attempt.retryAfterSeconds) } }),
        ...(attempt.answer !== undefined && { answer: { S: attempt.answer } }),
        ...(attempt.resends !== undefined && { resends: { N: String(attempt.resends) } }),
        ...(attempt.channel !== undefined && { channel: { S: attempt.channel } }),
        ...(attempt.intentId !== undefined && { intentId: { S: attempt.intentId } }),
      },
    })),
  };
}

/** The same as JSON, for the record of each delivery. */
export function attemptsJson(attempts: readonly Attempt[]): string {
  let entries = "";
  for (const attempt of attempts) {
    const { at, durationMs, outcome, status, error, retryAfterSeconds, answer: response, resends, channel } = attempt;
    entries +=
      `${entries === "" ? "" : ","}{"M":{"at":{"N":"${at}"},"durationMs":{"N":"${durationMs}"},` +
      `"outcome":{"S":${quoted(outcome)}}`;
    if (status !== undefined) entries += `,"status":{"N":"${status}"}`;
    if (error !== undefined) entries += `,"error":{"S":${quoted(error)}}`;
    if (retryAfterSeconds !== undefined) entries += `,"retryAfterSeconds":{"N":"${retryAfterSeconds}"}`;
    if (response !== undefined) entries += `,"answer":{"S":${quoted(response)}}`;
    if (resends !== undefined) entries += `,"resends":{"N":"${resends}"}`;
    if (channel !== undefined) entries += `,"channel":{"S":${quoted(channel)}}`;
    if (attempt.intentId !== undefined) entries += `,"intentId":{"S":${quoted(attempt.intentId)}}`;
    entries += "}}";
  }
  return `{"L":[${entries}]}`;
}

/** Entries of another shape are passed over: they are history, nothing is decided by them. */
export function readAttempts(attribute: AttributeValue | undefined): Attempt[] {
  const attempts: Attempt[] = [];
  for (const { M: entry } of attribute?.L ?? []) {
    const at = numberOf(entry?.["at"]);
    const durationMs = numberOf(entry?.["durationMs"]);
    const outcome = stringOf(entry?.["outcome"]);
    if (at === undefined || durationMs === undefined || outcome === undefined) continue;
    const status = numberOf(entry?.["status"]);
    const error = stringOf(entry?.["error"]);
    const retryAfterSeconds = numberOf(entry?.["retryAfterSeconds"]);
    const response = stringOf(entry?.["answer"]);
    const resends = numberOf(entry?.["resends"]);
    const channel = stringOf(entry?.["channel"]);
    const intentId = stringOf(entry?.["intentId"]);
    attempts.push({
      at,
      durationMs,
      outcome,
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      ...(response !== undefined && { answer: response }),
      ...(resends !== undefined && { resends }),
      ...(channel !== undefined && { channel }),
      ...(intentId !== undefined && { intentId }),
    });
  }
  return attempts;
}
