/** Sends dead letters, batched; until the dead-letter queue has one, its transaction is not recorded as failed. */
import { MAX_ENTRIES, type EntryError, type MessageQueue } from "../../aws/message-queue.ts";
import { Batcher } from "../../concurrency/batcher.ts";
import type { InFlightMessage } from "../in-flight-message.ts";
import type { RetryUntilRecorded } from "./retry-until-recorded.ts";
import type { OutgoingMessage } from "../../aws/queue-requests.ts";
import type { Log } from "../../telemetry/log-error.ts";

const LINGER_MS = 20;
const MAX_IN_FLIGHT = 4;

export class DeadLetters {
  readonly #queue: Pick<MessageQueue, "send">;
  readonly #untilRecorded: RetryUntilRecorded;
  readonly #warn: Log;
  readonly #sends: Batcher<OutgoingMessage, EntryError>;

  constructor(queue: Pick<MessageQueue, "send">, untilRecorded: RetryUntilRecorded, warn: Log) {
    this.#queue = queue;
    this.#untilRecorded = untilRecorded;
    this.#warn = warn;
    this.#sends = new Batcher({
      maxSize: MAX_ENTRIES,
      lingerMs: LINGER_MS,
      maxInFlight: MAX_IN_FLIGHT,
      run: (messages) => queue.send(messages),
    });
  }

  /**
   * Retries while the queue cannot be reached. One that the queue refuses for good is given up with a warning: the
   * reason is on the row, and it must not hold up all that comes after it.
   *
   * @throws StoppedError when the task ends before the queue could be reached
   */
  async send(message: OutgoingMessage, inFlight: InFlightMessage): Promise<void> {
    const first = await this.#sends.add(message);
    if (this.#isOver(first, inFlight)) return;
    this.#warn("dead letter not sent, trying on", { messageId: inFlight.received.messageId, error: first?.error });
    await this.#untilRecorded.run(inFlight, async () => {
      const [error] = await this.#queue.send([message]);
      return this.#isOver(error, inFlight) ? true : undefined;
    });
  }

  #isOver(error: EntryError, inFlight: InFlightMessage): boolean {
    if (error?.isRefused)
      this.#warn("dead letter refused", { messageId: inFlight.received.messageId, error: error.error });
    return error === undefined || error.isRefused;
  }
}
