/** So many a second, with a little stock: what a quota lets through. */
/** Seconds of its rate that are kept when nobody takes them. */
const STOCK_SECONDS = 0.1;

export class Budget {
  readonly #perMs: number;
  readonly #most: number;
  readonly #now: () => number;
  #left: number;
  #filledAt: number;

  /** @param now epoch milliseconds. @param stock that is retried most. @default a tenth of a second's */
  constructor(perSecond: number, now: () => number, stock = perSecond * STOCK_SECONDS) {
    this.#perMs = perSecond / 1000;
    this.#most = stock;
    this.#now = now;
    this.#left = this.#most;
    this.#filledAt = now();
  }

  /** May be overdrawn by the last one that found something left. */
  get has(): boolean {
    const now = this.#now();
    if (now > this.#filledAt) {
      this.#left = Math.min(this.#most, this.#left + (now - this.#filledAt) * this.#perMs);
      this.#filledAt = now;
    }
    return this.#left > 0;
  }

  take(count: number): void {
    this.#left -= count;
  }
}
