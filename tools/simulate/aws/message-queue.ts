/**
 * A FIFO queue with a group for each transaction: older messages first, each to one receiver, hidden until it is
 * deleted or its visibility ends. No more than the quota are in flight; then receives bring nothing, without an error
 * (SQS Developer Guide).
 */
import type { Confirmation } from "../run/confirmation.ts";
import { Line } from "../run/line.ts";
import type { VirtualTime } from "../run/virtual-time.ts";

export interface Message {
  readonly confirmation: Confirmation;
  readonly release: number;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

export class SimulatedQueue {
  readonly #time: VirtualTime;
  readonly #mostInFlight: number;
  readonly #fresh = new Line<Message>();
  /** Were received before, so they are older than those that were not. */
  readonly #returned = new Line<Message>();
  readonly #inFlight = new Set<Message>();
  /** No call to it succeeds. */
  isDown = false;

  /** @param mostInFlight simulated messages */
  constructor(time: VirtualTime, mostInFlight: number) {
    this.#time = time;
    this.#mostInFlight = mostInFlight;
  }

  /** @returns whether it was taken */
  send(confirmation: Confirmation, release = confirmation.release): boolean {
    if (this.isDown) return false;
    this.#fresh.push({ confirmation, release, sentAt: this.#time.now() });
    return true;
  }

  get waiting(): number {
    return this.#fresh.length + this.#returned.length;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  receive(): Message | undefined {
    if (this.isDown || this.#inFlight.size >= this.#mostInFlight) return undefined;
    const message = this.#returned.shift() ?? this.#fresh.shift();
    if (message !== undefined) this.#inFlight.add(message);
    return message;
  }

  /** @returns whether it is gone */
  delete(message: Message): boolean {
    if (this.isDown) return false;
    this.#inFlight.delete(message);
    return true;
  }

  /** It is seen again after so many milliseconds, unless it is deleted. */
  hide(message: Message, ms: number): void {
    this.#time.at(this.#time.now() + ms, () => {
      if (this.#inFlight.delete(message)) this.#returned.push(message);
    });
  }

  /** Epoch milliseconds at which the oldest one was sent that is not in flight. */
  get oldestSentAt(): number {
    return Math.min(this.#returned.front?.sentAt ?? this.#time.now(), this.#fresh.front?.sentAt ?? this.#time.now());
  }

  *[Symbol.iterator](): Generator<Confirmation> {
    for (const messages of [this.#returned, this.#fresh, this.#inFlight])
      for (const { confirmation } of messages) yield confirmation;
  }
}
