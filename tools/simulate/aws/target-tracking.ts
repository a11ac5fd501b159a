/**
 * A target tracking policy as Application Auto Scaling carries it out: values come each period and late; after some
 * above the target it asks for as many more as the value is above it, after a quarter of an hour clearly below for
 * fewer.
 */
import { TRACKING } from "./quotas.ts";

export interface TrackingOptions {
  readonly target: number;
  readonly periodSeconds: number;
  readonly delaySeconds: number;
  /** Values above the target after which it grows. @default TRACKING.valuesToGrow */
  readonly valuesToGrow?: number;
}

export type Wish = { readonly kind: "grow" | "shrink"; readonly factor: number } | { readonly kind: "stay" };

export class TargetTracking {
  readonly #options: TrackingOptions;
  /** Measured and not known yet; seconds at which each is. */
  readonly #late: { readonly knownAt: number; readonly value: number }[] = [];
  #above = 0;
  #belowSeconds = 0;
  #newest: number | undefined;

  constructor(options: TrackingOptions) {
    this.#options = options;
  }

  isDue(second: number): boolean {
    return second % this.#options.periodSeconds === 0;
  }

  measured(second: number, value: number): void {
    this.#late.push({ knownAt: second + this.#options.delaySeconds, value });
  }

  /** What it asked for is done: values that are on their way say nothing of it. */
  changed(): void {
    this.#late.length = 0;
    this.#above = 0;
    this.#belowSeconds = 0;
  }

  /** Each second. @returns what it asks for now */
  wish(second: number): Wish {
    const { target, periodSeconds, valuesToGrow = TRACKING.valuesToGrow } = this.#options;
    while (this.#late[0] !== undefined && this.#late[0].knownAt <= second) {
      const { value } = this.#late.shift() as { value: number };
      this.#newest = value;
      this.#above = value > target ? this.#above + 1 : 0;
      this.#belowSeconds = value < target * TRACKING.shrinkBelow ? this.#belowSeconds + periodSeconds : 0;
    }
    const factor = (this.#newest ?? target) / target;
    if (this.#above >= valuesToGrow) return { kind: "grow", factor };
    if (this.#belowSeconds >= TRACKING.secondsToShrink) return { kind: "shrink", factor };
    return { kind: "stay" };
  }
}
