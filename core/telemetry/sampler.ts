/**
 * Which traces are kept: the first of each second, so that a quiet pipeline shows some, and a fixed share of the rest.
 * The share is told from the trace's own id, so whoever asks again gets the same answer, and so does a repeated batch
 * for the second that it is at. These are the two numbers of X-Ray's own sampling rules; decision 24 says why the rules
 * themselves are not asked for.
 */
export interface SamplingRates {
  /** Share of all traces that are kept, 0 to 1. */
  readonly share: number;
  /** Traces that are kept of each second whatever the share, for each program that decides. */
  readonly reservoirPerSecond: number;
}

/** Digits of a root that count for the share: 48 bits, which a double holds exactly. */
const SHARE_DIGITS = 12;
const SHARE_STEPS = 16 ** SHARE_DIGITS;

export class Sampler {
  readonly #rates: SamplingRates;
  /** The second that is written in the roots, as it is there. */
  #second = "";
  #taken = new Set<string>();

  constructor(rates: SamplingRates) {
    this.#rates = rates;
  }

  /** @param root `1-<epoch seconds, 8 hex digits>-<24 hex digits>` */
  isSampled(root: string): boolean {
    const { share, reservoirPerSecond } = this.#rates;
    if (Number.parseInt(root.slice(-SHARE_DIGITS), 16) / SHARE_STEPS < share) return true;
    const second = root.slice(2, 10);
    if (second !== this.#second) {
      this.#second = second;
      this.#taken = new Set();
    }
    if (this.#taken.has(root)) return true;
    if (this.#taken.size >= reservoirPerSecond) return false;
    this.#taken.add(root);
    return true;
  }
}
