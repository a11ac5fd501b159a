/**
 * A schedule of waits between attempts, and how a wait is spread. A wait is drawn evenly from one second to twice its
 * slot: full jitter around the slot, so that merchants that failed together do not come back together, nothing is sent
 * again at once, and the schedule reaches, in the mean, exactly as far as it says.
 */
export interface RetryPolicy {
  /** Seconds to wait after the first, second, … failed attempt; one attempt more than there are waits. */
  readonly scheduleSeconds: readonly number[];
  /** Waits up to this many seconds are spent in the queue, longer ones in the table. */
  readonly inQueueMaxSeconds: number;
  /** The longest wait that a merchant may ask for with `Retry-After`; what is beyond counts as this much. */
  readonly maxRetryAfterSeconds: number;
}

/** What a schedule may be, in the settings and in a merchant's row. */
export const SCHEDULE_LIMITS = { waits: 50, waitSeconds: 604_800 } as const;

/** Whether these may be the waits of a schedule, in seconds. */
export function isSchedule(waits: readonly unknown[]): waits is readonly number[] {
  return (
    waits.length <= SCHEDULE_LIMITS.waits &&
    waits.every(
      (wait) => Number.isSafeInteger(wait) && Number(wait) >= 1 && Number(wait) <= SCHEDULE_LIMITS.waitSeconds,
    )
  );
}

/** No wait is shorter: a connection that fails at once is not attempted again at once. */
export const MIN_WAIT_MS = 1000;

/** @param random in [0, 1) @returns milliseconds; their mean is the slot */
export function spreadMs(slotSeconds: number, random: number): number {
  const slotMs = slotSeconds * 1000;
  const fromMs = Math.min(MIN_WAIT_MS, slotMs);
  return Math.round(fromMs + random * 2 * (slotMs - fromMs));
}

/** The same schedule in double steps: half the attempts, and it reaches just as far. */
export function inPairs(scheduleSeconds: readonly number[]): number[] {
  const pairs: number[] = [];
  for (let index = 0; index < scheduleSeconds.length; index += 2)
    pairs.push((scheduleSeconds[index] ?? 0) + (scheduleSeconds[index + 1] ?? 0));
  return pairs;
}
