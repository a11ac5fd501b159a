/**
 * Keys of the three indexes. All are sharded: an index partition takes 1,000 writes a second and a throttled index
 * throttles the table. A shard follows from the transaction's id, so that every writer comes to the same key.
 */
import { hash } from "node:crypto";

/**
 * Pending rows, looked at when their lease ends. Apart from parked ones: while the queue is behind, these are many and
 * all left alone.
 */
const PENDING_PREFIX = "P#";
/**
 * Pending rows with an ordering key, by the shard of their group: those of one key are in one partition, in order.
 * Apart from the others, since a key that is held back may have many of them.
 */
const ORDERED_PREFIX = "O#";
/** Rows that are parked until their time. */
const TIME_PREFIX = "T#";
/**
 * Rows that wait for their merchant; `dueAt` is when they are given up. Apart, so that no merchant's backlog stands
 * before the others'.
 */
const MERCHANT_PREFIX = "M#";
/**
 * Partitions of the index of health rows for which something waits; few merchants are in trouble at once, and each is
 * noted rarely.
 */
const WAITING_MERCHANT_SHARDS = 4;

/** Partition of the due index for a row that is on its way. @param shards how many are written now */
export function dueKeyFor(transactionId: string, shards: number): string {
  return `${PENDING_PREFIX}${shardOf(transactionId, shards)}`;
}

/**
 * Partition of the due index for a row with an ordering key.
 * @param groupId of its ordered group.
 * @param shards how many are written now
 */
export function orderedKeyFor(groupId: string, shards: number): string {
  return `${ORDERED_PREFIX}${shardOf(groupId, shards)}`;
}

/** Whether rows under this key are those with an ordering key. */
export function isOrderedKey(dueKey: string): boolean {
  return dueKey.startsWith(ORDERED_PREFIX);
}

/** Partition of the due index for a row that is parked. @param shards how many are written now */
export function parkKeyFor(transactionId: string, shards: number): string {
  return `${TIME_PREFIX}${shardOf(transactionId, shards)}`;
}

/** Partition of the due index for a row that waits for its merchant. @param shards how many are written now */
export function waitKeyFor(merchantId: string, transactionId: string, shards: number): string {
  return `${MERCHANT_PREFIX}${merchantId}#${shardOf(transactionId, shards)}`;
}

/** Every partition of the rows that wait for a merchant. */
export function waitKeys(merchantId: string, shards: number): string[] {
  return Array.from({ length: shards }, (_, shard) => `${MERCHANT_PREFIX}${merchantId}#${shard}`);
}

/** Whether a row under this key waits for its merchant. */
export function isWaitKey(dueKey: string): boolean {
  return dueKey.startsWith(MERCHANT_PREFIX);
}

/** The merchant that rows under this key wait for; undefined for another key. */
export function merchantOfWaitKey(dueKey: string): string | undefined {
  return /^M#(.+)#\d+$/s.exec(dueKey)?.[1];
}

/** Partition of the index of health rows for which something waits. */
export function waitingMerchantKey(merchantId: string): string {
  return `W#${shardOf(merchantId, WAITING_MERCHANT_SHARDS)}`;
}

export function waitingMerchantKeys(): string[] {
  return Array.from({ length: WAITING_MERCHANT_SHARDS }, (_, shard) => `W#${shard}`);
}

/** Every partition that `release-due` has to read, those of merchants apart. */
export function dueKeys(shards: number): Readonly<Record<"pending" | "ordered" | "parked", readonly string[]>> {
  const all = (prefix: string) => Array.from({ length: shards }, (_, shard) => `${prefix}${shard}`);
  return { pending: all(PENDING_PREFIX), ordered: all(ORDERED_PREFIX), parked: all(TIME_PREFIX) };
}

/** Whether rows under this key are ever looked at. */
export function isDueKey(dueKey: string, shards: number, merchantShards: number): boolean {
  const [, time, merchant] = /^(?:[POT]#(0|[1-9]\d{0,2})|M#.+#(0|[1-9]\d{0,2}))$/s.exec(dueKey) ?? [];
  return (time !== undefined && Number(time) < shards) || (merchant !== undefined && Number(merchant) < merchantShards);
}

/** Partition of the merchant index: a merchant's UTC day, sharded. @param occurredAt ISO 8601 with zone */
export function merchantKeyFor(merchantId: string, occurredAt: string, transactionId: string, shards: number): string {
  const day = new Date(occurredAt).toISOString().slice(0, 10);
  return `${merchantId}#${day}#${shardOf(transactionId, shards)}`;
}

/** Every partition of the merchant index that holds transactions of a merchant's UTC day. @param day `2026-11-22` */
export function merchantDayKeys(merchantId: string, day: string, shards: number): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => `${merchantId}#${day}#${shard}`);
}

/** Partition of the failed index. @param shards how many are written now */
export function failedKeyFor(merchantId: string, transactionId: string, shards: number): string {
  return `${merchantId}#${shardOf(transactionId, shards)}`;
}

/** Every partition of the failed index that holds transactions of a merchant. */
export function failedKeys(merchantId: string, shards: number): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => `${merchantId}#${shard}`);
}

/** Place within such a partition: by reason, and then by time. @param failedAt epoch milliseconds */
export function failedAtFor(code: string, failedAt: number): string {
  return `${failedAtPrefix(code)}${new Date(failedAt).toISOString()}`;
}

/** What all of one reason begin with. */
export function failedAtPrefix(code: string): string {
  return `${code}#`;
}

/** Reason and time of such a place; undefined for what is none. */
export function failedAtParts(failedAt: string): { readonly code: string; readonly at: number } | undefined {
  const [, code, instant = ""] = /^([^#]+)#(.+)$/.exec(failedAt) ?? [];
  const at = Date.parse(instant);
  return code === undefined || Number.isNaN(at) ? undefined : { code, at };
}

/** Whether two keys of the failed index are of the same merchant, whatever their shards. */
export function isSameFailedMerchant(one: string, other: string): boolean {
  return isSameMerchantDay(one, other);
}

/** Whether two keys are of the same merchant and day, whatever their shards. */
export function isSameMerchantDay(one: string, other: string): boolean {
  return one.slice(0, one.lastIndexOf("#")) === other.slice(0, other.lastIndexOf("#"));
}

/** Of the first 32 bits of a hash. */
const WORD_HEX_DIGITS = 8;

/** From 0; the same for every writer. */
export function shardOf(transactionId: string, shards: number): number {
  return Number.parseInt(hash("sha256", transactionId, "hex").slice(0, WORD_HEX_DIGITS), 16) % shards;
}
