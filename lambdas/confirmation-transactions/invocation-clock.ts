/**
 * The clocks of an execution environment, which may be frozen between two invocations for minutes. Whether the
 * monotonic clock goes on then depends on how it is frozen, and no timer fires. So at the beginning of each invocation
 * the time of day says how long it was: what the monotonic clock has missed of it is added to `elapsedMs`, by which
 * idle connections, names, merchants, keys and health rows age. A time of day that was put back adds nothing.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ClockWatch } from "../../core/confirmation/clock/clock-watch.ts";
import type { TaskClock } from "../../core/confirmation/clock/task-clock.ts";

export interface Clocks {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly monotonicMs: () => number;
}

/** Both clocks are read one after the other. */
const TOLERANCE_MS = 50;

export class InvocationClock implements TaskClock {
  readonly now: () => number;
  readonly watch: ClockWatch;
  readonly random = Math.random;
  readonly pause = (ms: number): Promise<void> => pause(ms);
  readonly #monotonicMs: () => number;
  #missedMs = 0;
  #lastNow: number;
  #lastMonotonicMs: number;

  constructor({ now, monotonicMs }: Clocks = { now: Date.now, monotonicMs: () => performance.now() }) {
    this.now = now;
    this.#monotonicMs = monotonicMs;
    this.#lastNow = now();
    this.#lastMonotonicMs = monotonicMs();
    this.watch = new ClockWatch({ now, elapsedMs: monotonicMs });
  }

  /** To be called first in each invocation. */
  thaw(): void {
    const now = this.now();
    const monotonicMs = this.#monotonicMs();
    const missedMs = now - this.#lastNow - (monotonicMs - this.#lastMonotonicMs);
    // Services are asked anew what time it is: what they said before was said by a clock that stood still since.
    if (missedMs > TOLERANCE_MS) {
      this.#missedMs += missedMs;
      this.watch.forget();
    }
    this.#lastNow = now;
    this.#lastMonotonicMs = monotonicMs;
  }

  readonly elapsedMs = (): number => this.#monotonicMs() + this.#missedMs;

  readonly isWrongAt = (now: number, elapsedMs: number): boolean =>
    this.watch.isWrongAt(now, elapsedMs - this.#missedMs);
}
