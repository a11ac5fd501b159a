/**
 * A message that this task holds: AWS refuses the handle of a FIFO message whose visibility has run out, so its end is
 * kept track of. All times are of a clock that no step of the wall clock touches.
 */
import type { ReceivedMessage } from "../aws/message-queue.ts";
import { type ParsedMessage, parseMessage } from "../transaction/message.ts";

/**
 * For so long SQS keeps a message out of sight, counted from its receive (SQS API Reference,
 * "ChangeMessageVisibility"), and a margin.
 */
const LONGEST_MS = 43_200_000 - 60_000;

export class InFlightMessage {
  readonly received: ReceivedMessage;
  readonly #receivedAt: number;
  /** When other consumers may see it again. */
  #visibleAt: number;
  #parsed: ParsedMessage | undefined;

  /** @param receivedAt milliseconds since any moment, as all times of it */
  constructor(received: ReceivedMessage, receivedAt: number, visibilitySeconds: number) {
    this.received = received;
    this.#receivedAt = receivedAt;
    this.#visibleAt = receivedAt + visibilitySeconds * 1000;
  }

  /** What its body says. */
  get parsed(): ParsedMessage {
    return (this.#parsed ??= parseMessage(this.received.body));
  }

  /** What it is about; of one that cannot be read its body. */
  get transactionId(): string {
    const { parsed } = this;
    return parsed.kind === "message" ? parsed.message.transactionId : this.received.body;
  }

  remainingMs(now: number): number {
    return this.#visibleAt - now;
  }

  /** Seconds for which it can be kept out of sight from now on, at most. */
  mostSeconds(now: number): number {
    return Math.max(0, Math.floor((this.#receivedAt + LONGEST_MS - now) / 1000));
  }

  extendedTo(visibleAt: number): void {
    this.#visibleAt = visibleAt;
  }
}
