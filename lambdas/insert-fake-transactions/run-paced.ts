/**
 * Does something `count` times at an even rate, side by side up to a bound, until done or out of time. The moment of
 * each is reckoned from the start, not from the one before, so that a slow one delays none of the others and the rate
 * does not drift.
 */
export interface Pace {
  readonly count: number;
  readonly ratePerSecond: number;
  /** Most that may be under way at once. */
  readonly concurrency: number;
  /** Asked before each: false stops the run, and what is under way is still finished. */
  readonly hasTimeLeft: () => boolean;
  readonly nowMs: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

export interface PacedResult {
  readonly done: number;
  /** What the first that failed threw; none was begun after it, and those under way were awaited. */
  readonly failure?: unknown;
}

const SHORTEST_SLEEP_MS = 5;

export async function runPaced(pace: Pace, run: (index: number) => Promise<void>): Promise<PacedResult> {
  const { count, ratePerSecond, concurrency, hasTimeLeft, nowMs, sleep } = pace;
  const startMs = nowMs();
  const inFlight = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let begun = 0;
  let done = 0;
  while (begun < count && failures.length === 0 && hasTimeLeft()) {
    const waitMs = startMs + (begun * 1000) / ratePerSecond - nowMs();
    if (waitMs > 0) {
      await sleep(Math.max(waitMs, SHORTEST_SLEEP_MS));
      continue;
    }
    if (inFlight.size >= concurrency) {
      await Promise.race(inFlight);
      continue;
    }
    const one: Promise<void> = run(begun)
      .then(() => void (done += 1))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => inFlight.delete(one));
    inFlight.add(one);
    begun += 1;
  }
  await Promise.all(inFlight);
  return { done, ...(failures.length > 0 && { failure: failures[0] }) };
}
