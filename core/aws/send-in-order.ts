/**
 * Sends messages so that the order within each group is the order in which they are given, whatever fails on the way. A
 * call to SQS takes each entry for itself and may refuse one while it takes the next, so no call holds two messages of
 * one group, and behind one that was not sent the rest of its group is held back.
 */
import { MAX_ENTRIES, type EntryError, type MessageQueue } from "./message-queue.ts";
import type { OutgoingMessage } from "./queue-requests.ts";

const MAX_CALLS_AT_ONCE = 8;
const HELD_BACK: EntryError = { error: "held back behind a message of its group that was not sent", isRefused: false };

/**
 * @returns what went wrong for each message, in order; undefined for sent. One that is refused for good holds back
 * none.
 */
export async function sendInOrder(
  queue: Pick<MessageQueue, "send">,
  messages: readonly OutgoingMessage[],
): Promise<EntryError[]> {
  const errors: EntryError[] = Array.from({ length: messages.length });
  let groups = [...Map.groupBy(messages.keys(), (index) => messages[index]?.groupId).values()];
  while (groups.length > 0) {
    const heads = groups.flatMap(([head]) => (head === undefined ? [] : [head]));
    for (let start = 0; start < heads.length; start += MAX_ENTRIES * MAX_CALLS_AT_ONCE) {
      const calls = batchesOf(heads.slice(start, start + MAX_ENTRIES * MAX_CALLS_AT_ONCE)).map(async (indexes) => {
        const results = await queue.send(indexes.map((index) => messages[index] as OutgoingMessage));
        for (const [position, index] of indexes.entries()) errors[index] = results[position];
      });
      await Promise.all(calls);
    }
    groups = groups.flatMap(([head = 0, ...rest]) => {
      if (errors[head] === undefined || errors[head].isRefused) return rest.length === 0 ? [] : [rest];
      for (const index of rest) errors[index] = HELD_BACK;
      return [];
    });
  }
  return errors;
}

function batchesOf(indexes: readonly number[]): number[][] {
  const count = Math.ceil(indexes.length / MAX_ENTRIES);
  return Array.from({ length: count }, (_, batch) => indexes.slice(batch * MAX_ENTRIES, (batch + 1) * MAX_ENTRIES));
}
