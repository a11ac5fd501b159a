/**
 * What failed lately, by key, so that it is not asked for again at once: after a failure a key rests, twice as long
 * with each in a row. A key that never failed, or that worked since, does not rest.
 */
import { RecentMap } from "../cache/recent-map.ts";

export interface FailureMemoryOptions {
  /** Milliseconds that a key rests after its first failure, and at most. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Milliseconds. */
  readonly now: () => number;
}

interface Rest {
  readonly until: number;
  readonly lastsMs: number;
}

const MAX_REMEMBERED = 10_000;

export class FailureMemory {
  readonly #options: FailureMemoryOptions;
  readonly #rests = new RecentMap<Rest>(MAX_REMEMBERED);

  constructor(options: FailureMemoryOptions) {
    this.#options = options;
  }

  isResting(key: string): boolean {
    const rest = this.#rests.get(key);
    if (rest === undefined) return false;
    const leftMs = rest.until - this.#options.now();
    // A clock that was put back must not make it longer.
    return leftMs > 0 && leftMs <= rest.lastsMs;
  }

  /** Whether it failed and has not worked since. */
  isFailing(key: string): boolean {
    return this.#rests.get(key) !== undefined;
  }

  failed(key: string): void {
    // Several that were asked for together failed together.
    if (this.isResting(key)) return;
    const { firstMs, longestMs, now } = this.#options;
    const before = this.#rests.get(key);
    const lastsMs = before === undefined ? firstMs : Math.min(longestMs, before.lastsMs * 2);
    this.#rests.set(key, { until: now() + lastsMs, lastsMs });
  }

  worked(key: string): void {
    this.#rests.delete(key);
  }
}
