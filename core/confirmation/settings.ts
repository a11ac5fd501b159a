/** The settings of a confirmation, in one frozen object: read once, and handed to whatever decides. */
import type { RetryPolicy } from "../retry/retry-schedule.ts";

export interface ConfirmationSettings {
  readonly retry: RetryPolicy;
  /** The longest deadline of any call, in milliseconds. */
  readonly deadlineMs: number;
  /** From the first attempt until a transaction is given up, in milliseconds. */
  readonly deliverWithinMs: number;
  /** After which an unfinished row is looked for, in milliseconds. */
  readonly leaseMs: number;
  /** For which a completed row is kept, in days. */
  readonly settledDays: number;
  readonly dueShards: number;
  readonly merchantShards: number;
}

/** Takes what is its own out of a larger object. */
export function confirmationSettings(from: ConfirmationSettings): ConfirmationSettings {
  const { retry, deadlineMs, deliverWithinMs, leaseMs, settledDays, dueShards, merchantShards } = from;
  const own = { deadlineMs, deliverWithinMs, leaseMs, settledDays, dueShards, merchantShards };
  return Object.freeze({ retry: Object.freeze({ ...retry }), ...own });
}
