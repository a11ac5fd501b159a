/** Sends dead letters, batched; until the dead-letter queue has one, its transaction is not recorded as failed. */
import { MAX_ENTRIES, type EntryError, type MessageQueue, type OutgoingMessage } from "../../../aws/message-queue.ts";
import { Batcher } from "../../../core/batcher.ts";
import type { HeldMessage } from "./held-message.ts";
import type { Persistence } from "./persistence.ts";

const LINGER_MS = 20;
const MAX_IN_FLIGHT = 4;

export class DeadLetters {
  readonly #queue: Pick<MessageQueue, "send">;
  readonly #persistence: Persistence;
  readonly #sends: Batcher<OutgoingMessage, EntryError>;

  constructor(queue: Pick<MessageQueue, "send">, persistence: Persistence) {
    this.#queue = queue;
    this.#persistence = persistence;
    this.#sends = new Batcher({
      maxSize: MAX_ENTRIES,
      lingerMs: LINGER_MS,
      maxInFlight: MAX_IN_FLIGHT,
      run: (messages) => queue.send(messages),
    });
  }

  /** @throws StoppedError when the task ends before the queue could be reached */
  async send(message: OutgoingMessage, held: HeldMessage): Promise<void> {
    if ((await this.#sends.add(message)) === undefined) return;
    await this.#persistence.until(held, async () => {
      const [error] = await this.#queue.send([message]);
      return error === undefined ? true : undefined;
    });
  }
}
