/**
 * Who looks at a partition of the due index. A row in one that nobody reads would wait for ever, so the audit asks this of every row
 * that is due or not: keys may have been written by anyone, by an older program, or for a number of shards that is no more.
 */
import { dueKeys } from "./due-index.ts";

/** Rows that wait for their merchant are in `M#<merchant>#<shard>`; there `dueAt` is the time when they are given up. */
const MERCHANT_PARTITION = /^M#.+#(\d{1,3})$/s;

export type DuePartition = "pending" | "parked" | "merchant" | "unread";

/**
 * @param shards how many of the due index are read now. @param merchantShards how many of one merchant's rows that wait
 * @returns a function from `dueKey` to who reads it
 */
export function duePartitions(shards: number, merchantShards: number): (dueKey: string) => DuePartition {
  const { pending, parked } = dueKeys(shards);
  const known = new Map<string, DuePartition>([
    ...pending.map((key) => [key, "pending"] as const),
    ...parked.map((key) => [key, "parked"] as const),
  ]);
  return (dueKey) => {
    const merchantShard = MERCHANT_PARTITION.exec(dueKey)?.[1];
    if (merchantShard !== undefined) return Number(merchantShard) < merchantShards ? "merchant" : "unread";
    return known.get(dueKey) ?? "unread";
  };
}
