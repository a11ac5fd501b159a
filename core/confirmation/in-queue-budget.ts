/**
 * How many failing messages this task leaves in the queue at once. SQS FIFO holds 120,000 messages in flight for all
 * merchants together, so failing ones may have a small share only; above it the first failure parks.
 */
export class InQueueBudget {
  readonly #max: number;
  readonly #now: () => number;
  /** When each becomes visible again. */
  #until: number[] = [];

  /** @param now milliseconds since any moment, untouched by steps of the clock */
  constructor(max: number, now: () => number) {
    this.#max = max;
    this.#now = now;
  }

  get hasRoom(): boolean {
    if (this.#until.length < this.#max) return true;
    const now = this.#now();
    this.#until = this.#until.filter((until) => until > now);
    return this.#until.length < this.#max;
  }

  add(delaySeconds: number): void {
    this.#until.push(this.#now() + delaySeconds * 1000);
  }
}

/** Of a queue in which none may wait. */
export const NO_ROOM: Pick<InQueueBudget, "hasRoom" | "add"> = Object.freeze({ hasRoom: false, add: () => undefined });
