/**
 * A queue that is never shorter than so many messages: all of them are made before the first is given out, and with
 * each one that leaves another comes in behind the rest, so that what is given out is as old as in a queue of that
 * length.
 */

/** A message as it is given out. */
export interface GivenMessage {
  readonly body: string;
  /** Epoch milliseconds at which it came into the queue. */
  readonly sentAt: number;
}

export class Backlog {
  readonly #bodyOf: (number: number) => string;
  readonly #bodies: string[];
  readonly #sentAt: Float64Array;

  /** @param bodyOf what the message of a number holds; numbers count from 0 */
  constructor(size: number, bodyOf: (number: number) => string) {
    this.#bodyOf = bodyOf;
    this.#bodies = Array.from({ length: size }, (_, number) => bodyOf(number));
    this.#sentAt = new Float64Array(size).fill(Date.now());
  }

  /** @param number of the oldest message: they are taken in the order of their numbers */
  take(number: number): GivenMessage {
    const size = this.#bodies.length;
    const place = number % size;
    const taken = { body: this.#bodies[place] ?? "", sentAt: this.#sentAt[place] ?? 0 };
    this.#bodies[place] = this.#bodyOf(number + size);
    this.#sentAt[place] = Date.now();
    return taken;
  }
}
