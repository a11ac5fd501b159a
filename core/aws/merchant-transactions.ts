/**
 * A merchant's transactions from the indexes that are made for it, a bounded number of reads a page: by UTC day of
 * `occurredAt`, newest or oldest first; or, of those that failed, by reason and time. Never from the due index, which
 * deliveries need, nor by a scan.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { FAILED_INDEX, MERCHANT_INDEX } from "../settings/names.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";
import { readFailure } from "../transaction/failure.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { failedAtPrefix, failedKeys, merchantDayKeys } from "../transaction/row/index-keys.ts";
import { type State, stateOf } from "../transaction/row/row-state.ts";
import { type IndexOrder, shardPage, type ShardPlaces } from "./shard-page.ts";
import { MAX_READS, type TransactionsTable } from "./transactions-table.ts";

export interface TransactionFilter {
  readonly merchantId: string;
  /** Epoch milliseconds, of `occurredAt`; from is included, to is not. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly state?: State | undefined;
  readonly reason?: string | undefined;
}

/** Where a page ended: the day that it was at, if days are gone through, and its shards. */
export interface TransactionPlace {
  /** `2026-11-22` */
  readonly day?: string | undefined;
  readonly shards: ShardPlaces;
}

export interface TransactionPage {
  readonly rows: readonly AttributeMap[];
  readonly next: TransactionPlace | undefined;
}

export interface ListParts {
  readonly client: Pick<DynamoDBClient, "send">;
  readonly table: Pick<TransactionsTable, "read" | "name">;
  readonly merchantShards: number;
}

/** Queries of one request, however little they find: a page may be short, or empty, and go on. */
const MAX_QUERIES = 64;
/** Index entries of a shard at once, where those before were of another time of the day: 10 read units. */
const MANY_ENTRIES = 500;
const DAY_MS = 86_400_000;

/** Newest day first, and within it; what failed by reason, and within it the newest first. */
export async function listMerchantTransactions(
  filter: TransactionFilter,
  limit: number,
  from: TransactionPlace | undefined,
  parts: ListParts,
): Promise<TransactionPage> {
  return filter.state === "FAILED"
    ? failedPage(filter, limit, from, parts)
    : dayPage(filter, limit, from, "newest first", parts);
}

/** Oldest day first, and within it, whatever their state. @param limit at most as many as one call reads */
export async function passMerchantTransactions(
  filter: TransactionFilter,
  limit: number,
  from: TransactionPlace | undefined,
  parts: ListParts,
): Promise<TransactionPage> {
  return dayPage(filter, Math.min(limit, MAX_READS), from, "oldest first", parts);
}

async function dayPage(
  filter: TransactionFilter,
  limit: number,
  from: TransactionPlace | undefined,
  order: IndexOrder,
  parts: ListParts,
): Promise<TransactionPage> {
  const { client, table, merchantShards } = parts;
  const index = {
    tableName: table.name,
    indexName: MERCHANT_INDEX,
    partitionName: ATTRIBUTES.merchantKey,
    sortName: "occurredAt",
  };
  const [firstDay, lastDay] = [dayOf(filter.fromMs), dayOf(filter.toMs - 1)];
  const isNewestFirst = order === "newest first";
  const rows: AttributeMap[] = [];
  let day = from?.day ?? (isNewestFirst ? lastDay : firstDay);
  let places: ShardPlaces | undefined = from?.shards;
  let isFar = false;
  for (let queries = 0; day >= firstDay && day <= lastDay; queries += merchantShards) {
    if (rows.length >= limit || (queries > 0 && queries + merchantShards > MAX_QUERIES))
      return { rows, next: { day, shards: places ?? [] } };
    const page = await shardPage(client, index, merchantDayKeys(filter.merchantId, day, merchantShards), {
      limit: limit - rows.length,
      places: places ?? [],
      order,
      // A day's texts are in no order of time where producers are of several zones.
      isWanted: (occurredAt) => isWithin(occurredAt, filter),
      ...(isFar && { atOnce: MANY_ENTRIES }),
    });
    rows.push(...(await readMatching(page.entries, filter, table)));
    places = page.next;
    isFar = page.entries.length === 0 && places !== undefined;
    if (places === undefined) day = dayOf(Date.parse(day) + (isNewestFirst ? -DAY_MS : DAY_MS));
  }
  return { rows, next: undefined };
}

async function failedPage(
  filter: TransactionFilter,
  limit: number,
  from: TransactionPlace | undefined,
  { client, table, merchantShards }: ListParts,
): Promise<TransactionPage> {
  const index = {
    tableName: table.name,
    indexName: FAILED_INDEX,
    partitionName: ATTRIBUTES.failedKey,
    sortName: ATTRIBUTES.failedAt,
  };
  const rows: AttributeMap[] = [];
  let places: ShardPlaces | undefined = from?.shards ?? [];
  for (let queries = 0; places !== undefined; queries += merchantShards) {
    if (rows.length >= limit || (queries > 0 && queries + merchantShards > MAX_QUERIES))
      return { rows, next: { shards: places } };
    const page = await shardPage(client, index, failedKeys(filter.merchantId, merchantShards), {
      limit: limit - rows.length,
      places,
      order: "newest first",
      ...(filter.reason !== undefined && { prefix: failedAtPrefix(filter.reason) }),
    });
    rows.push(...(await readMatching(page.entries, filter, table)));
    places = page.next;
  }
  return { rows, next: undefined };
}

/** An index follows its table, and may still have what became of a row before. */
async function readMatching(
  entries: readonly { readonly transactionId: string }[],
  filter: TransactionFilter,
  table: ListParts["table"],
): Promise<AttributeMap[]> {
  if (entries.length === 0) return [];
  const read = await table.read(entries.map(({ transactionId }) => transactionId));
  return entries.flatMap(({ transactionId }) => {
    const row = read.get(transactionId);
    return row !== undefined && isMatching(row, filter) ? [row] : [];
  });
}

export function isMatching(row: AttributeMap, filter: TransactionFilter): boolean {
  const { merchantId, state, reason } = filter;
  if (stringOf(row["merchantId"]) !== merchantId || !isWithin(stringOf(row["occurredAt"]) ?? "", filter)) return false;
  if (state !== undefined && stateOf(row) !== state) return false;
  return reason === undefined || readFailure(row[ATTRIBUTES.failure])?.code === reason;
}

function isWithin(occurredAt: string, { fromMs, toMs }: Pick<TransactionFilter, "fromMs" | "toMs">): boolean {
  const at = Date.parse(occurredAt);
  return at >= fromMs && at < toMs;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
