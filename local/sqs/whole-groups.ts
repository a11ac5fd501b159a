/**
 * SQS gives out as many messages of one group in one receive as it can, in order (SQS Developer Guide, "FIFO queue
 * delivery logic"); `fauxqs` gives one, and puts several that come back in the wrong order. What has to run one after
 * the other is seen to do so only if they come together, so its queue is taught both here.
 */

/** The parts of a queue of `fauxqs` that this rests on. */
export interface GroupedQueue {
  dequeueFifo(
    maxCount: number,
    visibilityTimeout?: number,
    deadLetters?: unknown,
  ): { readonly ReceiptHandle: string }[];
  changeVisibility(receiptHandle: string, seconds: number): void;
  processTimers(): void;
  isFifo(): boolean;
  readonly inflightMessages: ReadonlyMap<
    string,
    { readonly message: GroupedMessage; readonly visibilityDeadline: number }
  >;
  /** Waiting messages by group. */
  readonly fifoMessages: ReadonlyMap<string, GroupedMessage[]>;
  /** How many messages of a group are in flight; such a group gives out none. */
  readonly fifoLockedGroups: Map<string, number>;
}

interface GroupedMessage {
  readonly messageGroupId?: string;
  readonly sequenceNumber?: string;
}

const RECEIVE_MAX = 10;

/** @param prototype of the queue's class; once for the process */
export function giveGroupsWhole(prototype: GroupedQueue): void {
  // oxlint-disable-next-line typescript/unbound-method -- each is called on the queue that it is a method of
  const { dequeueFifo, changeVisibility, processTimers } = prototype;

  prototype.dequeueFifo = function (maxCount, ...rest) {
    const limit = Math.min(maxCount, RECEIVE_MAX);
    const given = dequeueFifo.call(this, limit, ...rest);
    while (given.length < limit) {
      const groups = new Set(given.map(({ ReceiptHandle }) => groupOf(this, ReceiptHandle)));
      if (![...groups].some((group) => (this.fifoMessages.get(group)?.length ?? 0) > 0)) break;
      const locks = [...groups].map((group) => [group, this.fifoLockedGroups.get(group) ?? 0] as const);
      for (const group of groups) this.fifoLockedGroups.delete(group);
      const more = dequeueFifo.call(this, limit - given.length, ...rest);
      for (const [group, count] of locks)
        this.fifoLockedGroups.set(group, (this.fifoLockedGroups.get(group) ?? 0) + count);
      if (more.length === 0) break;
      given.push(...more);
    }
    return given;
  };

  prototype.changeVisibility = function (receiptHandle, seconds) {
    const group = groupOf(this, receiptHandle);
    changeVisibility.call(this, receiptHandle, seconds);
    if (seconds === 0) putInOrder(this, group);
  };

  prototype.processTimers = function () {
    const now = Date.now();
    const expired = this.isFifo()
      ? this.inflightMessages
          .values()
          .filter(({ visibilityDeadline }) => visibilityDeadline <= now)
          .map(({ message }) => message.messageGroupId ?? "")
          .toArray()
      : [];
    processTimers.call(this);
    for (const group of new Set(expired)) putInOrder(this, group);
  };
}

function groupOf({ inflightMessages }: GroupedQueue, receiptHandle: string): string {
  return inflightMessages.get(receiptHandle)?.message.messageGroupId ?? "";
}

function putInOrder({ fifoMessages }: GroupedQueue, group: string): void {
  fifoMessages
    .get(group)
    ?.sort(({ sequenceNumber: one = "" }, { sequenceNumber: other = "" }) => (one < other ? -1 : one > other ? 1 : 0));
}
