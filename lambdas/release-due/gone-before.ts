/**
 * Which messages have surely left a queue: those sent before a time that is known here. Only then may a pending row be
 * sent again, since a requeue makes the message that is still in there stale. Two sources, each bounded in time and
 * each right though it is late:
 *
 *   CloudWatch   the oldest message's age: at the time of the datum nothing older was in the queue
 *   SQS          the counts of the queue: nothing in it at each look for a while; asked where CloudWatch has no datum
 *     or does not answer
 *
 * Without either nothing is known, and pending rows are left alone. What is parked has no message and never waits for
 * this.
 */
import { within } from "./within.ts";
import { type Log, logError } from "../../core/telemetry/log-error.ts";

export interface GoneBeforeOptions {
  /** Epoch milliseconds at which the queue's oldest message was sent at the earliest; undefined without a datum. */
  readonly oldestSentAt: (abortSignal: AbortSignal) => Promise<number | undefined>;
  /** Messages in the queue, in flight ones too; undefined when not known. */
  readonly messageCount: (abortSignal: AbortSignal) => Promise<number | undefined>;
  readonly warn: Log;
  readonly now: () => number;
  /** Milliseconds that each source has to answer. @default 2000 */
  readonly limitMs?: number;
}

const LIMIT_MS = 2000;
/** Milliseconds for which a response is kept; the sources change each minute. */
const KEPT_MS = 10_000;
/** Milliseconds for which all counts must be 0: SQS counts up to a minute late. */
const EMPTY_FOR_MS = 90_000;
/** Milliseconds between two counts beyond which a message may have come and be in there again. */
const LONGEST_GAP_MS = 150_000;

export class GoneBefore {
  readonly #options: GoneBeforeOptions;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;
  #before = Number.NEGATIVE_INFINITY;
  #emptySince: number | undefined;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(options: GoneBeforeOptions) {
    this.#options = options;
  }

  /**
   * @returns epoch milliseconds: every message sent before that is gone; -Infinity when nothing is known. Never
   * rejects.
   */
  readonly ask = async (): Promise<number> => {
    const sinceMs = this.#options.now() - this.#askedAt;
    if (sinceMs >= KEPT_MS || sinceMs < 0) {
      this.#asking ??= this.#ask().finally(() => {
        this.#asking = undefined;
      });
      await this.#asking;
    }
    return this.#before;
  };

  async #ask(): Promise<void> {
    const { oldestSentAt, messageCount, now } = this.#options;
    const sentAt = await this.#bounded("age of the oldest message", oldestSentAt);
    if (sentAt !== undefined && Number.isFinite(sentAt)) {
      this.#before = sentAt;
      this.#emptySince = undefined;
    } else {
      this.#learnCount(await this.#bounded("count of messages", messageCount), now());
    }
    this.#askedAt = now();
  }

  #learnCount(count: number | undefined, now: number): void {
    const isGap = now - this.#countedAt > LONGEST_GAP_MS || now < this.#countedAt;
    this.#countedAt = now;
    if (count !== 0) this.#emptySince = undefined;
    else if (this.#emptySince === undefined || isGap) this.#emptySince = now;
    else if (now - this.#emptySince >= EMPTY_FOR_MS) this.#before = Math.max(this.#before, this.#emptySince);
  }

  async #bounded<Answer>(
    what: string,
    ask: (abortSignal: AbortSignal) => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> {
    const { limitMs = LIMIT_MS, warn } = this.#options;
    try {
      return await within(limitMs, ask);
    } catch (error) {
      logError(warn, `${what} unknown, pending rows may have to wait`, error);
      return undefined;
    }
  }
}
