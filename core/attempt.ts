/** Attempts as they are kept on the row: the newest few, so that a row stays small however often it is tried. */
import type { AttributeValue } from "./attribute-value.ts";
import { numberOf, stringOf } from "./attribute-value.ts";

/** Attempts kept on a row; older ones only count in `attemptCount`. */
export const ATTEMPTS_KEPT = 10;

export interface Attempt {
  /** When it began, epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  /** `delivered`, or the class of failure. */
  readonly outcome: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
  readonly error?: string;
}

export function withAttempt(attempts: readonly Attempt[], attempt: Attempt): Attempt[] {
  return [...attempts, attempt].slice(-ATTEMPTS_KEPT);
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
      },
    })),
  };
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
    attempts.push({
      at,
      durationMs,
      outcome,
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error }),
    });
  }
  return attempts;
}
