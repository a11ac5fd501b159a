/**
 * What becomes of a batch's messages in their queue. One that is completed is not deleted here: Lambda deletes whatever
 * the response does not name (Lambda Developer Guide, "Implementing partial batch responses"), at no cost. But only
 * when the invocation ends, and until then nothing behind it in its group is given out; so once an invocation lasts,
 * what is completed is deleted at once, and Lambda's own deletion finds nothing.
 *
 * What is to come again has its visibility set here, as Lambda leaves that of the queue.
 */
import type { EntryError } from "../../../core/aws/message-queue.ts";
import type { Acknowledger } from "../../../core/confirmation/batched/acknowledger.ts";
import type { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";

export interface BatchAcknowledgerOptions {
  readonly queue: Pick<Acknowledger, "delete" | "giveBack" | "extend">;
  /** Whether there is time in the invocation for what a message is kept for. */
  readonly hasTime: () => boolean;
  /** @returns seconds, for one that is to wait so long */
  readonly waitOf: (message: InFlightMessage, seconds: number) => number;
}

export class BatchAcknowledger {
  readonly #options: BatchAcknowledgerOptions;
  #completed = new Set<InFlightMessage>();
  #givenBack = new Set<InFlightMessage>();
  #deleting: Promise<unknown>[] = [];
  #isLasting = false;

  constructor(options: BatchAcknowledgerOptions) {
    this.#options = options;
  }

  isCompleted(message: InFlightMessage): boolean {
    return this.#completed.has(message);
  }

  isGivenBack(message: InFlightMessage): boolean {
    return this.#givenBack.has(message);
  }

  delete(message: InFlightMessage): Promise<EntryError> {
    this.#completed.add(message);
    if (this.#isLasting) this.#deleting.push(this.#options.queue.delete(message));
    return DONE;
  }

  giveBack(message: InFlightMessage, seconds: number): Promise<EntryError> {
    const { queue, waitOf } = this.#options;
    this.#givenBack.add(message);
    return queue.giveBack(message, seconds === 0 ? 0 : waitOf(message, seconds));
  }

  extend(message: InFlightMessage): Promise<boolean> {
    return this.#options.hasTime() ? this.#options.queue.extend(message) : NOT_OURS;
  }

  /** The invocation goes on for a while: what is completed, and will be, must not hold up its group. */
  lasts(): void {
    if (this.#isLasting) return;
    this.#isLasting = true;
    for (const message of this.#completed) this.#deleting.push(this.#options.queue.delete(message));
  }

  /** To be called when the batch is done: nothing is under way any more. */
  async end(): Promise<void> {
    await Promise.all(this.#deleting);
    this.#completed = new Set();
    this.#givenBack = new Set();
    this.#deleting = [];
    this.#isLasting = false;
  }
}

const DONE: Promise<EntryError> = Promise.resolve(undefined);
const NOT_OURS = Promise.resolve(false);
