/**
 * Deletes messages and changes their visibility, in batches. A delete that fails is left: the message comes again and
 * is judged anew.
 */
import { MAX_ENTRIES, type EntryError, type MessageQueue } from "../../aws/message-queue.ts";
import { Batcher } from "../../concurrency/batcher.ts";
import type { InFlightMessage } from "../in-flight-message.ts";

const LINGER_MS = 20;
const MAX_IN_FLIGHT = 8;

interface VisibilityChange {
  readonly receiptHandle: string;
  readonly seconds: number;
}

export class Acknowledger {
  readonly #elapsedMs: () => number;
  readonly #visibilitySeconds: number;
  readonly #deletes: Batcher<string, EntryError>;
  readonly #changes: Batcher<VisibilityChange, EntryError>;

  /** @param elapsedMs milliseconds since any moment, untouched by steps of the clock */
  constructor(
    queue: Pick<MessageQueue, "delete" | "changeVisibility">,
    visibilitySeconds: number,
    elapsedMs: () => number,
  ) {
    this.#elapsedMs = elapsedMs;
    this.#visibilitySeconds = visibilitySeconds;
    const sizes = { maxSize: MAX_ENTRIES, lingerMs: LINGER_MS, maxInFlight: MAX_IN_FLIGHT };
    // Nothing is wrong with one handle twice; looking for it would cost more than the rest.
    this.#deletes = new Batcher({ ...sizes, run: (handles) => queue.delete(handles) });
    this.#changes = new Batcher({
      ...sizes,
      keyOf: ({ receiptHandle }) => receiptHandle,
      run: (changes) => queue.changeVisibility(changes),
    });
  }

  /** @returns what went wrong, if anything did */
  delete(inFlight: InFlightMessage): Promise<EntryError> {
    return this.#deletes.add(inFlight.received.receiptHandle);
  }

  /** Gives a message back; it is seen again after `seconds`. */
  giveBack(inFlight: InFlightMessage, seconds: number): Promise<EntryError> {
    return this.#changes.add({ receiptHandle: inFlight.received.receiptHandle, seconds });
  }

  /** Keeps a message for another full visibility timeout. @returns false when it is no longer ours */
  async extend(inFlight: InFlightMessage): Promise<boolean> {
    const visibleAt = this.#elapsedMs() + this.#visibilitySeconds * 1000;
    const error = await this.#changes.add({
      receiptHandle: inFlight.received.receiptHandle,
      seconds: this.#visibilitySeconds,
    });
    if (error === undefined) inFlight.extendedTo(visibleAt);
    return error === undefined;
  }
}
