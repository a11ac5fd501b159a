/**
 * How slow this task itself is, so that its own trouble is not laid at the merchants' door: at full load every response
 * comes late, and if that counted as degraded, each would get less room, more would be parked, and the load would rise
 * further.
 */
/** Factor by which the estimate moves with each response: it follows a change within some dozens of them. */
const STEP = 1.05;
/** A response is late compared with others when it took this many times as long as half of them. */
const LATE_FACTOR = 4;
const FIRST_ESTIMATE_MS = 50;
const TICK_MS = 100;
/** A timer may be late by as much without anything to say about it. */
const TIMER_SLACK_MS = 5;

/** What admission control asks of it, and tells it. */
export type Baseline = Pick<LatencyBaseline, "responded" | "isLate" | "withoutOwn" | "stalledMsSince">;

export class LatencyBaseline {
  readonly #now: () => number;
  /**
   * Half of all responses take longer; a median that needs no memory, so that a minority of slow merchants does not
   * move it.
   */
  #medianMs = FIRST_ESTIMATE_MS;
  #lastTickAt: number;
  /** When this process was late to look at the clock, newest last, and by how much. */
  #stalls: { readonly endedAt: number; readonly ms: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
    this.#lastTickAt = now();
  }

  /** Looks at the clock every tenth of a second until the result is called. */
  watch(): () => void {
    this.#lastTickAt = this.#now();
    const timer = setInterval(() => this.tick(), TICK_MS);
    timer.unref();
    return () => clearInterval(timer);
  }

  /** What is late here is late by this process. */
  tick(): void {
    const now = this.#now();
    const ms = now - this.#lastTickAt - TICK_MS;
    this.#lastTickAt = now;
    if (ms > TIMER_SLACK_MS) this.#stalls.push({ endedAt: now, ms });
    if (this.#stalls.length > 0 && (this.#stalls[0]?.endedAt ?? now) < now - 60_000) this.#stalls.shift();
  }

  responded(tookMs: number): void {
    if (tookMs > this.#medianMs) this.#medianMs *= STEP;
    else this.#medianMs = Math.max(1, this.#medianMs / STEP);
  }

  /** Whether a response took long compared with what answers take just now. @param tookMs without what is our own */
  isLate(tookMs: number): boolean {
    return tookMs > LATE_FACTOR * this.#medianMs;
  }

  /**
   * What somebody else took of a call that ends now, or has not ended: without what this process was late by meanwhile,
   * be it all at once or bit by bit.
   */
  withoutOwn(tookMs: number): number {
    return Math.max(0, tookMs - this.#lateMsSince(this.#now() - tookMs, 0));
  }

  /**
   * Milliseconds for which this process stood still during a call that began at `startedAt`; the stall under way
   * included. A process that is slow does not stand still.
   */
  stalledMsSince(startedAt: number): number {
    return this.#lateMsSince(startedAt, TICK_MS);
  }

  /** @param leastMs that count */
  #lateMsSince(startedAt: number, leastMs: number): number {
    const now = this.#now();
    let sum = Math.max(0, Math.min(now - startedAt, now - this.#lastTickAt - TICK_MS));
    for (let index = this.#stalls.length - 1; index >= 0; index -= 1) {
      const stall = this.#stalls[index];
      if (stall === undefined || stall.endedAt <= startedAt) break;
      // Of one that had begun before, no more than fell into it.
      if (stall.ms > leastMs) sum += Math.min(stall.ms, stall.endedAt - startedAt);
    }
    return sum;
  }
}
