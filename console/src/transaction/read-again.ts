/** When a transaction that is shown is read again, so that its page follows what becomes of it. */
import type { Transaction } from "./timeline.ts";

/** Of one that may change any moment, and of one that waits. */
const PENDING_EVERY_MS = 2000;
const WAITING_EVERY_MS = 10_000;
/** A job that skips it leaves no mark, which would be waited for in vain. */
const FOLLOWED_MS = 60_000;

/** A redelivery that somebody asked for here. */
export interface Asked {
  readonly jobId: string;
  /** Epoch milliseconds of this browser. */
  readonly atMs: number;
  /** When its state was recorded that was shown then. */
  readonly recordedAt: string | undefined;
}

/**
 * A failed one has the mark of its job before anybody has taken it up again: until then it is as it was.
 *
 * @param nowMs epoch milliseconds of this browser
 * @returns milliseconds, or false for never
 */
export function readAgainIn(
  { state, recordedAt, redelivery }: Pick<Transaction, "state" | "recordedAt" | "redelivery">,
  asked: Asked | undefined,
  nowMs: number,
): number | false {
  const followed = asked !== undefined && nowMs - asked.atMs < FOLLOWED_MS ? asked : undefined;
  const isMarkToCome = followed !== undefined && redelivery?.jobId !== followed.jobId;
  const isAsItWas = followed !== undefined && state === "FAILED" && recordedAt === followed.recordedAt;
  const isResultToCome = redelivery !== undefined && redelivery.result === undefined && redelivery.reopened !== true;
  if (state === "PENDING" || isMarkToCome || isAsItWas || isResultToCome) return PENDING_EVERY_MS;
  return state === "SCHEDULED" ? WAITING_EVERY_MS : false;
}
