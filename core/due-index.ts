/**
 * Keys of the two indexes. Both are sharded: an index partition takes 1,000 writes a second and a throttled index throttles the
 * table. A shard follows from the transaction's id, so that every writer comes to the same key.
 */
import { createHash } from "node:crypto";

const TIME_PREFIX = "T#";

/** Partition of the due index for a row that waits for its time. @param shards how many are written now */
export function dueKeyFor(transactionId: string, shards: number): string {
  return `${TIME_PREFIX}${shardOf(transactionId, shards)}`;
}

/** Every partition that `release-due` has to read. */
export function dueKeys(shards: number): string[] {
  return Array.from({ length: shards }, (_, shard) => `${TIME_PREFIX}${shard}`);
}

/** Partition of the merchant index: a merchant's UTC day, sharded. @param occurredAt ISO 8601 with zone */
export function merchantKeyFor(merchantId: string, occurredAt: string, transactionId: string, shards: number): string {
  const day = new Date(occurredAt).toISOString().slice(0, 10);
  return `${merchantId}#${day}#${shardOf(transactionId, shards)}`;
}

function shardOf(transactionId: string, shards: number): number {
  return createHash("sha256").update(transactionId).digest().readUInt32BE(0) % shards;
}
