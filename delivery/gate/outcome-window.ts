/**
 * How a merchant's endpoint did lately, in this task: well and ill answers of the last half minute, in two halves, so that a look costs
 * nothing. At least ten outcomes with seven in ten ill are enough to open the circuit: the figures of Convoy's circuit breaker, with the
 * difference that it acts at the very next call.
 */
const HALF_MS = 15_000;
const MIN_OUTCOMES = 10;
const ILL_SHARE = 0.7;

export class OutcomeWindow {
  #startedAt: number;
  #well = 0;
  #ill = 0;
  #wellBefore = 0;
  #illBefore = 0;

  constructor(now: number) {
    this.#startedAt = now;
  }

  /** @returns whether the endpoint is to be left alone */
  add(isIll: boolean, now: number): boolean {
    this.#turn(now);
    if (isIll) this.#ill += 1;
    else this.#well += 1;
    const ill = this.#ill + this.#illBefore;
    const all = ill + this.#well + this.#wellBefore;
    return isIll && all >= MIN_OUTCOMES && ill >= all * ILL_SHARE;
  }

  #turn(now: number): void {
    const elapsedMs = now - this.#startedAt;
    if (elapsedMs >= 0 && elapsedMs < HALF_MS) return;
    const isNext = elapsedMs >= 0 && elapsedMs < 2 * HALF_MS;
    this.#wellBefore = isNext ? this.#well : 0;
    this.#illBefore = isNext ? this.#ill : 0;
    this.#well = 0;
    this.#ill = 0;
    this.#startedAt = now;
  }
}
