/**
 * How values are distributed, in little memory and at the cost of one addition a value. Low values are kept as whole
 * numbers, higher ones in buckets that grow by a few percent; count, least, most and sum are exact. Metrics, benchmark
 * and simulation have it at the resolution that each needs.
 */
import { percentileOf } from "./percentile.ts";

export interface Resolution {
  /** Up to here a bucket is one whole number. */
  readonly wholeUpTo: number;
  /** From there on, how much wider each bucket is than the one before. */
  readonly growth: number;
  /** What is above the last one goes to the last one. */
  readonly buckets: number;
}

/** What is read back is off by half a unit or by 2 %, whichever is more. Enough for a year in milliseconds. */
const OF_METRICS: Resolution = { wholeUpTo: 25, growth: 1.04, buckets: 600 };

export interface Bucket {
  /** The middle of the bucket. */
  readonly value: number;
  readonly count: number;
}

export class Histogram {
  readonly #wholeUpTo: number;
  readonly #growth: number;
  readonly #logGrowth: number;
  readonly #counts: Float64Array;
  #count = 0;
  #sum = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;

  constructor({ wholeUpTo, growth, buckets }: Resolution = OF_METRICS) {
    this.#wholeUpTo = wholeUpTo;
    this.#growth = growth;
    this.#logGrowth = Math.log(growth);
    this.#counts = new Float64Array(buckets);
  }

  /**
   * @param value from 0; a lower one, as clocks that differ bring about, counts as 0, and what is not finite not at all
   */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    const known = Math.max(0, value);
    const bucket = this.#bucketOf(known);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sum += known;
    if (known < this.#least) this.#least = known;
    if (known > this.#most) this.#most = known;
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  get least(): number {
    return this.#least;
  }

  get most(): number {
    return this.#most;
  }

  /** Those that hold something, lowest first. */
  buckets(): Bucket[] {
    return this.#filled((index) => this.#middleOf(index));
  }

  /** @param share in (0, 1]. @returns at most a bucket too much and never too little; undefined without values */
  percentile(share: number): number | undefined {
    return percentileOf(
      this.#filled((index) => this.#endOf(index)),
      share,
    );
  }

  #filled(valueOf: (index: number) => number): Bucket[] {
    const buckets: Bucket[] = [];
    for (const [index, count] of this.#counts.entries()) {
      if (count > 0) buckets.push({ value: Math.min(this.#most, Math.max(this.#least, valueOf(index))), count });
    }
    return buckets;
  }

  #bucketOf(value: number): number {
    const first = this.#wholeUpTo;
    if (value < first) return Math.min(first - 1, Math.round(value));
    return Math.min(this.#counts.length - 1, first + Math.floor(Math.log(value / first) / this.#logGrowth));
  }

  #middleOf(index: number): number {
    if (index < this.#wholeUpTo) return index;
    return Math.round(this.#wholeUpTo * this.#growth ** (index - this.#wholeUpTo + 0.5) * 100) / 100;
  }

  #endOf(index: number): number {
    return index < this.#wholeUpTo ? index : this.#wholeUpTo * this.#growth ** (index - this.#wholeUpTo + 1);
  }
}
