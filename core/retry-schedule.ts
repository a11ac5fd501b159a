/**
 * When a failed attempt is tried again. Every wait is spread over a whole slot around its middle (0.5 to 1.5 × the slot): merchants
 * that failed together do not come back together, and the schedule still reaches as far as it says.
 */
export interface RetryPolicy {
  /** Seconds to wait after the first, second, … failed attempt. */
  readonly scheduleSeconds: readonly number[];
  /** Waits up to this many seconds are spent in the queue, longer ones in the table. */
  readonly inQueueMaxSeconds: number;
}

/** @param attemptCount failed attempts so far, from 1. @param random in [0, 1). @returns milliseconds, or undefined after the last try */
export function retryDelayMs(policy: RetryPolicy, attemptCount: number, random: number): number | undefined {
  const slotSeconds = policy.scheduleSeconds[attemptCount - 1];
  if (slotSeconds === undefined) return undefined;
  return Math.round(slotSeconds * 1000 * (0.5 + random));
}
