/** What one variant's confirmations took, for percentiles of millions at the price of a few hundred numbers. */
import { Histogram, type Resolution } from "../../../../core/telemetry/histogram.ts";

const MICROSECONDS_A_MS = 1000;
/** Percentiles at most five percent too high. */
const OF_TIMES: Resolution = { wholeUpTo: 25, growth: 1.05, buckets: 500 };

export interface Percentiles {
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

export class LaneTimes {
  /** From a merchant's answer to the record of it. */
  readonly #flushUs = new Histogram(OF_TIMES);
  /** From when a message was given out to its record, without the merchant's own time. */
  readonly #handlingUs = new Histogram(OF_TIMES);

  add(flushMs: number, handlingMs: number): void {
    this.#flushUs.add(flushMs * MICROSECONDS_A_MS);
    this.#handlingUs.add(handlingMs * MICROSECONDS_A_MS);
  }

  get flushMs(): Percentiles {
    return percentilesOf(this.#flushUs);
  }

  get handlingMs(): Percentiles {
    return percentilesOf(this.#handlingUs);
  }
}

function percentilesOf(microseconds: Histogram): Percentiles {
  const ms = (share: number) => {
    const found = microseconds.percentile(share);
    return found === undefined ? undefined : found / MICROSECONDS_A_MS;
  };
  return { p50: ms(0.5), p99: ms(0.99) };
}
