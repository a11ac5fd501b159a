/**
 * Sends messages to a queue in full batches, side by side. A message group stays in one lane, and a lane sends one batch after the
 * other, so that the order within a group is kept.
 */
import { MAX_ENTRIES, type EntryError, type MessageQueue, type OutgoingMessage } from "./message-queue.ts";

const MAX_LANES = 8;
/** FNV's prime. */
const SPREAD = 16_777_619;

/** @returns what went wrong for each message, in order; undefined for sent */
export async function sendAll(
  queue: Pick<MessageQueue, "send">,
  messages: readonly OutgoingMessage[],
): Promise<EntryError[]> {
  const errors: EntryError[] = Array.from({ length: messages.length });
  const laneCount = Math.min(MAX_LANES, Math.ceil(messages.length / MAX_ENTRIES));
  const lanes = Array.from({ length: laneCount }, (): number[] => []);
  messages.forEach(({ groupId }, index) => lanes[laneOf(groupId, laneCount)]?.push(index));
  await Promise.all(
    lanes.map(async (indexes) => {
      for (let start = 0; start < indexes.length; start += MAX_ENTRIES) {
        const batch = indexes.slice(start, start + MAX_ENTRIES);
        const results = await queue.send(batch.map((index) => messages[index] as OutgoingMessage));
        for (const [position, index] of batch.entries()) errors[index] = results[position];
      }
    }),
  );
  return errors;
}

/** Any spread will do, and only within this call: a cryptographic hash would take a tenth of all that a message costs here. */
function laneOf(groupId: string, laneCount: number): number {
  let sum = 0;
  for (let index = 0; index < groupId.length; index += 1)
    sum = (Math.imul(sum, SPREAD) + groupId.charCodeAt(index)) >>> 0;
  return sum % laneCount;
}
