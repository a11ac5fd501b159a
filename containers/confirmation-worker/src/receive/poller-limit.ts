/**
 * How many pollers are worth having: one more while the event loop has time left, one fewer while it has none. What a
 * busy task receives on top of what keeps it busy only waits in its memory, where it makes everything slower, and where
 * no other task can take it.
 */
import { performance } from "node:perf_hooks";

const MAX_POLLERS = 8;
/** Milliseconds between two changes. */
const CHANGE_EVERY_MS = 10;
/**
 * Shares of the time in which it was at work: from the one on there is none left, below the other there is; in between
 * all is well.
 */
const BUSY = 0.97;
const FREE = 0.93;

export class PollerLimit {
  readonly #utilization: () => number;
  readonly #now: () => number;
  #most = MAX_POLLERS;
  #changedAt: number;

  /**
   * @param utilization share of the time since it was last asked in which this process was at work
   * @param now milliseconds
   */
  constructor(utilization: () => number, now: () => number) {
    this.#utilization = utilization;
    this.#now = now;
    this.#changedAt = now();
  }

  /** Looks whether there is time left. @returns from 1 to 8 */
  look(): number {
    const now = this.#now();
    const elapsedMs = now - this.#changedAt;
    if (elapsedMs >= 0 && elapsedMs < CHANGE_EVERY_MS) return this.#most;
    this.#changedAt = now;
    const utilization = this.#utilization();
    if (utilization > BUSY) this.#most = Math.max(1, this.#most - 1);
    else if (utilization < FREE) this.#most = Math.min(MAX_POLLERS, this.#most + 1);
    return this.#most;
  }
}

/** Of the event loop of this process, for a `PollerLimit`. */
export function loopUtilization(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
