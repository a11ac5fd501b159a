/** Those who write transactions: at the scenario's rate, for merchants by their part of the traffic. */
import type { Confirmation } from "./confirmation.ts";
import type { Merchant } from "./merchant.ts";
import { TICK_MS } from "./virtual-time.ts";

export class Producers {
  readonly #merchants: readonly Merchant[];
  readonly #upTo: readonly number[];
  readonly #sample: number;
  readonly #random: () => number;
  #owed = 0;
  /** Real confirmations that were asked to be written. */
  asked = 0;

  constructor(merchants: readonly Merchant[], sample: number, random: () => number) {
    this.#merchants = merchants;
    let sum = 0;
    this.#upTo = merchants.map(({ share }) => (sum += share));
    this.#sample = sample;
    this.#random = random;
  }

  /** @param ratePerSecond real ones. @returns what is written in a tick */
  tick(ratePerSecond: number): Confirmation[] {
    this.#owed += (ratePerSecond * TICK_MS) / 1000 / this.#sample;
    const count = Math.floor(this.#owed);
    this.#owed -= count;
    return Array.from({ length: count }, () => this.#next());
  }

  #next(): Confirmation {
    this.asked += this.#sample;
    const drawn = this.#random() * (this.#upTo.at(-1) ?? 1);
    const index = this.#upTo.findIndex((upTo) => drawn < upTo);
    return {
      id: `t-${this.asked}`,
      merchant: this.#merchants[Math.max(0, index)] as Merchant,
      committedAt: 0,
      attemptCount: 0,
      release: 0,
      unacknowledged: 0,
      giveUpAt: 0,
      place: undefined,
      isParked: false,
      isTerminal: false,
      isDelivered: false,
    };
  }
}
