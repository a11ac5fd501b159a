/**
 * What is believed for a while, bounded: a value is there until its age is over, and what was not used for longest is
 * forgotten first, as in `RecentMap`. The one place where an age is compared with a clock.
 */
import { RecentMap } from "./recent-map.ts";

export interface AgingMapOptions {
  /** Entries at most; the newest half of them surely is there. */
  readonly most: number;
  /** Milliseconds for which a value is believed. */
  readonly maxAgeMs: number;
  /** Milliseconds, of the clock that ages are measured with. */
  readonly now: () => number;
}

export class AgingMap<Value> {
  readonly #options: AgingMapOptions;
  readonly #kept: RecentMap<{ readonly value: Value; readonly untilMs: number }>;

  constructor(options: AgingMapOptions) {
    this.#options = options;
    this.#kept = new RecentMap(options.most);
  }

  get(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    if (kept.untilMs > this.#options.now()) return kept.value;
    this.#kept.delete(key);
    return undefined;
  }

  /** @param untilMs by the same clock, for a value that has an end of its own. @default after `maxAgeMs` */
  set(key: string, value: Value, untilMs = this.#options.now() + this.#options.maxAgeMs): void {
    if (untilMs > this.#options.now()) this.#kept.set(key, { value, untilMs });
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }
}
