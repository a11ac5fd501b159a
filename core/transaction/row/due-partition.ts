/**
 * Who looks at a partition of the due index. A row in one that nobody reads would wait for ever, so the audit asks this
 * of every row that is due or not: keys may have been written by anyone, by an older program, or for a number of shards
 * that is no more.
 */
import { dueKeys, isDueKey, isOrderedKey, isWaitKey } from "./index-keys.ts";

/**
 * Rows that wait for their merchant are in partitions of its own; there `dueAt` is the time when they are given up.
 * Pending rows with an ordering key may be overdue for long, as they wait behind others.
 */
export type DuePartition = "pending" | "ordered" | "parked" | "merchant" | "unread";

/**
 * @param shards how many of the due index are read now. @param merchantShards how many of one merchant's rows that wait
 * @returns a function from `dueKey` to who reads it
 */
export function duePartitions(shards: number, merchantShards: number): (dueKey: string) => DuePartition {
  const pending = new Set(dueKeys(shards).pending);
  return (dueKey) => {
    if (!isDueKey(dueKey, shards, merchantShards)) return "unread";
    if (isWaitKey(dueKey)) return "merchant";
    if (isOrderedKey(dueKey)) return "ordered";
    return pending.has(dueKey) ? "pending" : "parked";
  };
}
