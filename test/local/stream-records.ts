/** Records of a stream for tests: one letter is one item, its number in the text the sequence. */
import type { StreamRecord } from "../../local/stream/stream-event.ts";

export function streamRecords(items: string, firstSequence = 1): StreamRecord[] {
  return items.split("").map((item, index) => ({
    sequenceNumber: String(firstSequence + index).padStart(21, "0"),
    createdAt: 0,
    event: { eventName: "INSERT", dynamodb: { Keys: { transactionId: { S: item } } } },
  }));
}

export function itemsOf(records: readonly StreamRecord[]): string {
  return records.map(({ event }) => event.dynamodb.Keys?.["transactionId"]?.S).join("");
}
