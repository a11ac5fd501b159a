/**
 * What is counted during a run: times from commit to confirmed, in steps of one percent, and what became of the rest.
 * Counts are of real confirmations, each simulated one standing for its sample.
 */
import type { Confirmation } from "./confirmation.ts";
import type { Merchant } from "./merchant.ts";
import { Histogram, type Resolution } from "../../../core/telemetry/histogram.ts";

/** One percent, up to some years. */
const OF_TIMES: Resolution = { wholeUpTo: 1, growth: 1.01, buckets: 2600 };

/** From the first on, until before the second. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

const NO_SPAN: Span = { from: 0, until: 0 };

/** Milliseconds that so large a share of all does not exceed; 0 for none. */
export function timeOf(times: Histogram, share: number): number {
  return Math.round(times.percentile(share) ?? 0);
}

export class Tally {
  readonly #sample: number;
  readonly #isSick: (merchant: Merchant) => boolean;
  /** Confirmations committed before do not count among the times: the run is still settling in. */
  readonly #countFrom: number;
  readonly all = new Histogram(OF_TIMES);
  readonly healthy = new Histogram(OF_TIMES);
  written = 0;
  confirmedCount = 0;
  healthyConfirmed = 0;
  deadLetters = 0;
  calls = 0;
  duplicates = 0;
  /** Written during the outage. */
  rows = 0;
  /** Written before the end of the outage and not recorded yet. */
  before = 0;
  readonly #outage: Span;

  /**
   * @param outage epoch milliseconds; rows of it are counted apart.
   * @param isSick whether it is the one that is out, at any time of the run.
   * @param countFrom epoch milliseconds
   */
  constructor(sample: number, isSick: (merchant: Merchant) => boolean, countFrom: number, outage = NO_SPAN) {
    this.#sample = sample;
    this.#outage = outage;
    this.#isSick = isSick;
    this.#countFrom = countFrom;
  }

  wrote({ committedAt }: Confirmation): void {
    this.written += this.#sample;
    if (committedAt < this.#outage.until) this.before += this.#sample;
    if (committedAt >= this.#outage.from && committedAt < this.#outage.until) this.rows += this.#sample;
  }

  called(): void {
    this.calls += this.#sample;
  }

  duplicate(): void {
    this.duplicates += this.#sample;
  }

  deadLettered({ committedAt }: Confirmation): void {
    this.deadLetters += this.#sample;
    if (committedAt < this.#outage.until) this.before -= this.#sample;
  }

  confirmed({ committedAt, merchant }: Confirmation, now: number): void {
    this.confirmedCount += this.#sample;
    if (committedAt < this.#outage.until) this.before -= this.#sample;
    const isHealthy = !this.#isSick(merchant);
    if (isHealthy) this.healthyConfirmed += this.#sample;
    if (committedAt < this.#countFrom) return;
    this.all.add(now - committedAt);
    if (isHealthy) this.healthy.add(now - committedAt);
  }
}
