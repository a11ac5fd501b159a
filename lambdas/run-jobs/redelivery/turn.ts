/**
 * How finely a redelivery's rate is cut: each part begins a few entries a turn, so that what is called and written
 * comes evenly, and not a hundred at once and then nothing.
 */
import type { Asked } from "../../../core/jobs/job.ts";

/** Entries that a part begins in a turn, at the job's rate: a few share a read, a write and a send. */
const ENTRIES = 6;
const TURN_MS = { shortest: 100, longest: 500 } as const;

type Rate = Pick<Asked, "ratePerSecond" | "parts">;

/** Milliseconds from one turn of a part to the next. */
export function turnMs({ ratePerSecond, parts }: Rate): number {
  const ms = (ENTRIES * parts * 1000) / ratePerSecond;
  return Math.max(TURN_MS.shortest, Math.min(TURN_MS.longest, ms));
}

/** Entries that one part begins in a turn at most: all that the job may, as the other parts may have none. */
export function mostInTurn(rate: Rate): number {
  return Math.ceil((rate.ratePerSecond * turnMs(rate)) / 1000);
}
