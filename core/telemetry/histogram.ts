/**
 * How values are distributed, in little memory and at the cost of one addition a value. Values below 25 are kept as
 * whole numbers, higher ones in buckets 4 % wide, so that what is read back is off by half a unit or by 2 %, whichever
 * is more; count, least, most and sum are exact.
 */

/** Up to here a bucket is one whole number. */
const WHOLE_UP_TO = 25;
const GROWTH = 1.04;
const LOG_GROWTH = Math.log(GROWTH);
/** Enough for a year in milliseconds; what is above goes to the last one. */
const BUCKETS = 600;

export interface Bucket {
  /** The middle of the bucket. */
  readonly value: number;
  readonly count: number;
}

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;

  /**
   * @param value from 0; a lower one, as clocks that differ bring about, counts as 0, and what is not finite not at all
   */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    const known = Math.max(0, value);
    const bucket = bucketOf(known);
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
    const buckets: Bucket[] = [];
    for (const [index, count] of this.#counts.entries()) {
      if (count > 0) buckets.push({ value: Math.min(this.#most, Math.max(this.#least, middleOf(index))), count });
    }
    return buckets;
  }
}

function bucketOf(value: number): number {
  if (value < WHOLE_UP_TO) return Math.min(WHOLE_UP_TO - 1, Math.round(value));
  return Math.min(BUCKETS - 1, WHOLE_UP_TO + Math.floor(Math.log(value / WHOLE_UP_TO) / LOG_GROWTH));
}

function middleOf(index: number): number {
  if (index < WHOLE_UP_TO) return index;
  return Math.round(WHOLE_UP_TO * GROWTH ** (index - WHOLE_UP_TO + 0.5) * 100) / 100;
}
