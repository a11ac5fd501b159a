/**
 * When calls began that were answered later, in quarters of a second over the last two minutes. A stretch without any such call, within the life of
 * one that was not answered, is when our egress may have been at fault: nothing that begins while packets vanish is ever answered.
 */
const QUARTER_MS = 250;
/** A power of two, for more than the longest deadline. */
const QUARTERS = 512;
/** Stretches that are shorter come of calls that take their time, and of traffic that is not even. */
const SHORT_MS = 750;

/** Milliseconds of the clock; `untilMs` is not in it. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

export class AnsweredTimeline {
  /** The newest quarter that fell on each place and had one. */
  readonly #quarters = new Float64Array(QUARTERS);

  /** @param beganAt milliseconds of the clock at which an answered call began */
  answered(beganAt: number): void {
    const quarter = Math.floor(beganAt / QUARTER_MS);
    this.#quarters[quarter & (QUARTERS - 1)] = quarter;
  }

  /** The longest stretch without one between two moments, if it is not a short one. */
  silentStretch(fromMs: number, untilMs: number): Stretch | undefined {
    const last = Math.ceil(untilMs / QUARTER_MS);
    let quarter = Math.max(Math.floor(fromMs / QUARTER_MS), last - QUARTERS);
    let longest: Stretch = { fromMs, untilMs: fromMs };
    for (let from = quarter; quarter <= last; quarter += 1) {
      if (quarter < last && this.#quarters[quarter & (QUARTERS - 1)] !== quarter) continue;
      const stretch = { fromMs: from * QUARTER_MS, untilMs: quarter * QUARTER_MS };
      if (lengthOf(stretch) > lengthOf(longest)) longest = stretch;
      from = quarter + 1;
    }
    return lengthOf(longest) >= SHORT_MS ? longest : undefined;
  }
}

function lengthOf({ fromMs, untilMs }: Stretch): number {
  return untilMs - fromMs;
}
