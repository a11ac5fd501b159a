/**
 * When calls began that were answered later, in quarters of a second over the last two minutes. A stretch without any
 * such call that meets the life of one that was not answered is when our egress may have been at fault: nothing that
 * begins while packets vanish is ever answered.
 */
const QUARTER_MS = 250;
/** A power of two, for more than the longest deadline. */
const QUARTERS = 512;
/** Stretches that are shorter come of calls that take their time, and of traffic that is not even. */
const SHORT_MS = 750;

/** Milliseconds of the clock, each to a quarter of a second; `untilMs` is not in it. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

export class ResponseTimeline {
  /** The newest quarter that fell on each place and had one. */
  readonly #quarters = new Float64Array(QUARTERS);

  /** @param beganAt milliseconds of the clock at which an answered call began */
  responded(beganAt: number): void {
    const quarter = Math.floor(beganAt / QUARTER_MS);
    this.#quarters[quarter & (QUARTERS - 1)] = quarter;
  }

  /**
   * The longest stretch without one that meets a call's life, if it is not a short one; it may have begun before the
   * call did. Of a short life nothing can be told.
   */
  silentStretch(beganAt: number, endedAt: number): Stretch | undefined {
    if (endedAt - beganAt < SHORT_MS) return undefined;
    const last = Math.ceil(endedAt / QUARTER_MS);
    const oldest = last - QUARTERS;
    let from = Math.max(Math.floor(beganAt / QUARTER_MS), oldest);
    let quarter = from;
    while (from > oldest && !this.#hasResponse(from - 1)) from -= 1;
    let longest: Stretch | undefined;
    for (; quarter <= last; quarter += 1) {
      if (quarter < last && !this.#hasResponse(quarter)) continue;
      const stretch = { fromMs: from * QUARTER_MS, untilMs: quarter * QUARTER_MS };
      if (lengthOf(stretch) >= Math.max(SHORT_MS, lengthOf(longest))) longest = stretch;
      from = quarter + 1;
    }
    return longest;
  }

  #hasResponse(quarter: number): boolean {
    return this.#quarters[quarter & (QUARTERS - 1)] === quarter;
  }
}

function lengthOf(stretch: Stretch | undefined): number {
  return stretch === undefined ? 0 : stretch.untilMs - stretch.fromMs;
}
