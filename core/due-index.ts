/**
 * Keys of the two indexes. Both are sharded: an index partition takes 1,000 writes a second and a throttled index throttles the
 * table. A shard follows from the transaction's id, so that every writer comes to the same key.
 */
import { createHash } from "node:crypto";

/** Pending rows, looked at when their lease ends. Apart from parked ones: while the queue is behind, these are many and all left alone. */
const PENDING_PREFIX = "P#";
/** Rows that are parked until their time. */
const TIME_PREFIX = "T#";

/** Partition of the due index for a row that is on its way. @param shards how many are written now */
export function dueKeyFor(transactionId: string, shards: number): string {
  return `${PENDING_PREFIX}${shardOf(transactionId, shards)}`;
}

/** Partition of the due index for a row that is parked. @param shards how many are written now */
export function parkKeyFor(transactionId: string, shards: number): string {
  return `${TIME_PREFIX}${shardOf(transactionId, shards)}`;
}

/** Every partition that `release-due` has to read. */
export function dueKeys(shards: number): { readonly pending: readonly string[]; readonly parked: readonly string[] } {
  const all = (prefix: string) => Array.from({ length: shards }, (_, shard) => `${prefix}${shard}`);
  return { pending: all(PENDING_PREFIX), parked: all(TIME_PREFIX) };
}

/** Whether rows under this key are ever looked at. */
export function isDueKey(dueKey: string, shards: number): boolean {
  const shard = /^[PT]#(0|[1-9]\d{0,2})$/.exec(dueKey)?.[1];
  return shard !== undefined && Number(shard) < shards;
}

/** Partition of the merchant index: a merchant's UTC day, sharded. @param occurredAt ISO 8601 with zone */
export function merchantKeyFor(merchantId: string, occurredAt: string, transactionId: string, shards: number): string {
  const day = new Date(occurredAt).toISOString().slice(0, 10);
  return `${merchantId}#${day}#${shardOf(transactionId, shards)}`;
}

function shardOf(transactionId: string, shards: number): number {
  return createHash("sha256").update(transactionId).digest().readUInt32BE(0) % shards;
}
