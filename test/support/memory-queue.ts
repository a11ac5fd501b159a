/**
 * An SQS FIFO queue in memory: groups lock, several messages of one group come in one receive (the embedded queue never
 * does that), visibility runs out, an expired handle is refused, a deduplication id is swallowed for five minutes, what
 * was received too often goes to the dead-letter queue as it is, and beyond 120,000 in flight a receive brings nothing.
 */
import { MAX_ENTRIES, type EntryError, type MessageQueue, type ReceivedMessage } from "../../core/aws/message-queue.ts";
import type { OutgoingMessage } from "../../core/aws/queue-requests.ts";

const DEDUPLICATION_MS = 5 * 60_000;
/** SQS Developer Guide, "Amazon SQS message quotas": no error is given at the limit of a FIFO queue. */
const MOST_IN_FLIGHT = 120_000;

/** A redrive policy: what comes back more often than this is moved instead of handed out. */
export interface RedrivePolicy {
  readonly maxReceiveCount: number;
  readonly deadLetters: MemoryQueue;
}

export interface MemoryQueueOptions {
  readonly redrive?: RedrivePolicy;
  readonly mostInFlight?: number;
}

interface Stored extends OutgoingMessage {
  readonly messageId: string;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  receiptHandle: string;
}

type Queue = Pick<MessageQueue, "receive" | "send" | "delete" | "changeVisibility">;

export class MemoryQueue implements Queue {
  readonly #now: () => number;
  readonly #seen = new Map<string, number>();
  #stored: Stored[] = [];
  #count = 0;
  /** Everything that was ever accepted, in order. */
  readonly accepted: OutgoingMessage[] = [];
  isDown = false;
  /** Told of each message that is deleted, while it is still there. */
  onDelete: (message: OutgoingMessage) => void = () => undefined;
  readonly #options: MemoryQueueOptions;
  #lastUsedAt: number;

  constructor(now: () => number, options: MemoryQueueOptions = {}) {
    this.#now = now;
    this.#options = options;
    this.#lastUsedAt = now();
  }

  /**
   * Epoch milliseconds of the last send, receive or delete; SQS publishes nothing of a queue that was idle for six
   * hours.
   */
  get lastUsedAt(): number {
    return this.#lastUsedAt;
  }

  /** Messages in the queue, in flight or not. */
  get messages(): readonly (OutgoingMessage & { readonly visibleAt: number; readonly sentAt: number })[] {
    return this.#stored;
  }

  /** How many a receive would bring. */
  get receivable(): number {
    return this.#receivableAt(this.#now()).length;
  }

  /** All that tells how it goes on, for whoever compares. */
  get state(): unknown {
    return [this.#stored, [...this.#seen]];
  }

  get oldestAgeMs(): number {
    const [oldest] = this.#stored;
    return oldest === undefined ? 0 : this.#now() - oldest.sentAt;
  }

  /**
   * As AWS measures it: what was received and not deleted is left out (SQS Developer Guide, "Available CloudWatch
   * metrics").
   */
  get measuredAgeMs(): number {
    const oldest = this.#stored.find(({ receiveCount }) => receiveCount === 0);
    return oldest === undefined ? 0 : this.#now() - oldest.sentAt;
  }

  async send(messages: readonly OutgoingMessage[]): Promise<EntryError[]> {
    if (messages.length === 0 || messages.length > MAX_ENTRIES)
      throw new Error(`SQS refuses ${messages.length} entries`);
    this.#lastUsedAt = this.#now();
    return messages.map((message) => {
      if (this.isDown) return { error: "the queue is down", isRefused: false };
      const seenAt = this.#seen.get(message.deduplicationId);
      if (seenAt !== undefined && this.#now() - seenAt < DEDUPLICATION_MS) return undefined;
      this.#seen.set(message.deduplicationId, this.#now());
      this.accepted.push(message);
      this.#count += 1;
      const times = { sentAt: this.#now(), visibleAt: this.#now() };
      this.#stored.push({ ...message, ...times, messageId: `m-${this.#count}`, receiveCount: 0, receiptHandle: "" });
      return undefined;
    });
  }

  async receive(visibilitySeconds: number): Promise<ReceivedMessage[]> {
    if (this.isDown) throw new Error("the queue is down");
    const now = this.#now();
    this.#lastUsedAt = now;
    this.#moveToDeadLetters(now);
    const given = this.#receivableAt(now);
    return given.map((stored) => {
      stored.visibleAt = now + visibilitySeconds * 1000;
      stored.receiveCount += 1;
      stored.receiptHandle = `${stored.messageId}/${stored.receiveCount}`;
      return { ...stored };
    });
  }

  async delete(receiptHandles: readonly string[]): Promise<EntryError[]> {
    return receiptHandles.map((handle) =>
      this.#withHeld(handle, (held) => {
        this.onDelete(held);
        this.#stored = this.#stored.filter((stored) => stored !== held);
      }),
    );
  }

  async changeVisibility(
    changes: readonly { readonly receiptHandle: string; readonly seconds: number }[],
  ): Promise<EntryError[]> {
    return changes.map(({ receiptHandle, seconds }) =>
      this.#withHeld(receiptHandle, (held) => {
        held.visibleAt = this.#now() + seconds * 1000;
      }),
    );
  }

  /** Takes everything out, as a redrive or a purge does. */
  drain(): Stored[] {
    const drained = this.#stored;
    this.#stored = [];
    return drained;
  }

  /** Puts back what was drained, here or elsewhere. */
  restore(drained: readonly Stored[]): void {
    this.#lastUsedAt = this.#now();
    this.#stored.push(...drained);
  }

  #receivableAt(now: number): Stored[] {
    const inFlight = this.#stored.filter(({ visibleAt }) => visibleAt > now);
    const { mostInFlight = MOST_IN_FLIGHT } = this.#options;
    const locked = new Set(inFlight.map(({ groupId }) => groupId));
    const room = Math.max(0, Math.min(MAX_ENTRIES, mostInFlight - inFlight.length));
    return this.#stored.filter(({ groupId }) => !locked.has(groupId)).slice(0, room);
  }

  /**
   * It keeps body, group and receives; its place and time are new ones (SQS Developer Guide, "Using dead-letter
   * queues").
   */
  #moveToDeadLetters(now: number): void {
    const { redrive } = this.#options;
    if (redrive === undefined) return;
    const isOver = ({ visibleAt, receiveCount }: Stored) => visibleAt <= now && receiveCount >= redrive.maxReceiveCount;
    const over = this.#stored.filter(isOver);
    this.#stored = this.#stored.filter((stored) => !over.includes(stored));
    redrive.deadLetters.restore(over.map((stored) => ({ ...stored, sentAt: now, visibleAt: now })));
  }

  #withHeld(handle: string, change: (held: Stored) => void): EntryError {
    if (this.isDown) return { error: "the queue is down", isRefused: false };
    const held = this.#stored.find(({ receiptHandle }) => receiptHandle === handle);
    if (held === undefined || held.visibleAt <= this.#now()) {
      return { error: "InvalidParameterValue: the receipt handle has expired", isRefused: true };
    }
    change(held);
    return undefined;
  }
}
