/**
 * Sends messages to a queue in full batches, side by side. A message group stays in one partition, and a partition
 * sends one batch after the other, so that the order within a group is kept.
 */
import { MAX_ENTRIES, type EntryError, type MessageQueue } from "./message-queue.ts";
import type { OutgoingMessage } from "./queue-requests.ts";

const MAX_PARTITIONS = 8;

/** @returns what went wrong for each message, in order; undefined for sent */
export async function sendAll(
  queue: Pick<MessageQueue, "send">,
  messages: readonly OutgoingMessage[],
): Promise<EntryError[]> {
  const errors: EntryError[] = Array.from({ length: messages.length });
  const partitions = batchPartitionsOf(messages);
  await Promise.all(
    partitions.map(async (indexes) => {
      for (let start = 0; start < indexes.length; start += MAX_ENTRIES) {
        const batch = indexes.slice(start, start + MAX_ENTRIES);
        const results = await queue.send(batch.map((index) => messages[index] as OutgoingMessage));
        for (const [position, index] of batch.entries()) errors[index] = results[position];
      }
    }),
  );
  return errors;
}

/**
 * Where groups are many they fill batches as they come, so that what fits ten calls is not sent in sixteen; where they
 * are few, each partition has some.
 *
 * @returns indexes of messages
 */
function batchPartitionsOf(messages: readonly OutgoingMessage[]): number[][] {
  const partitionCount = Math.min(MAX_PARTITIONS, Math.ceil(messages.length / MAX_ENTRIES));
  const partitions = Array.from({ length: partitionCount }, (): number[] => []);
  const numbers = new Map<string, number>();
  for (const { groupId } of messages) if (!numbers.has(groupId)) numbers.set(groupId, numbers.size);
  const together = Math.min(MAX_ENTRIES, Math.ceil(numbers.size / partitionCount));
  for (const [index, { groupId }] of messages.entries())
    partitions[Math.floor((numbers.get(groupId) ?? 0) / together) % partitionCount]?.push(index);
  return partitions;
}
