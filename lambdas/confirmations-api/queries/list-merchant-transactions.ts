/**
 * A merchant's transactions from the indexes that are made for it, a bounded number of reads a page: by UTC day of
 * `occurredAt`, newest first; or, of those that failed, by reason and time. Never from the due index, which deliveries
 * need, nor by a scan.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { z } from "@hono/zod-openapi";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { FAILED_INDEX, MERCHANT_INDEX } from "../../../core/settings/names.ts";
import { type AttributeMap, stringOf } from "../../../core/transaction/attribute-value.ts";
import { readFailure } from "../../../core/transaction/failure.ts";
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { failedAtPrefix, failedKeys, merchantDayKeys } from "../../../core/transaction/row/index-keys.ts";
import { type State, stateOf } from "../../../core/transaction/row/row-state.ts";
import { shardPage, type ShardPlaces, shardPlacesSchema } from "./shard-page.ts";

export interface TransactionFilter {
  readonly merchantId: string;
  /** Epoch milliseconds, of `occurredAt`; from is included, to is not. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly state?: State | undefined;
  readonly reason?: string | undefined;
}

/** Where a page ended: the day that it was at, if days are gone through, and its shards. */
export const placeSchema = z.strictObject({ day: z.iso.date().optional(), shards: shardPlacesSchema });
export type Place = z.infer<typeof placeSchema>;

export interface TransactionPage {
  readonly rows: readonly AttributeMap[];
  readonly next: Place | undefined;
}

export interface ListParts {
  readonly client: DynamoDBClient;
  readonly table: Pick<TransactionsTable, "read" | "name">;
  readonly merchantShards: number;
}

/** Queries of one request, however little they find: a page may be short, or empty, and go on. */
const MAX_QUERIES = 64;
const DAY_MS = 86_400_000;

export async function listMerchantTransactions(
  filter: TransactionFilter,
  limit: number,
  from: Place | undefined,
  parts: ListParts,
): Promise<TransactionPage> {
  return filter.state === "FAILED" ? failedPage(filter, limit, from, parts) : dayPage(filter, limit, from, parts);
}

async function dayPage(
  filter: TransactionFilter,
  limit: number,
  from: Place | undefined,
  parts: ListParts,
): Promise<TransactionPage> {
  const { client, table, merchantShards } = parts;
  const index = {
    tableName: table.name,
    indexName: MERCHANT_INDEX,
    partitionName: ATTRIBUTES.merchantKey,
    sortName: "occurredAt",
  };
  const firstDay = dayOf(filter.fromMs);
  const rows: AttributeMap[] = [];
  let day = from?.day ?? dayOf(filter.toMs - 1);
  let places: ShardPlaces | undefined = from?.shards;
  for (let queries = 0; day >= firstDay; queries += merchantShards) {
    if (rows.length >= limit || (queries > 0 && queries + merchantShards > MAX_QUERIES))
      return { rows, next: { day, shards: places ?? [] } };
    const page = await shardPage(client, index, merchantDayKeys(filter.merchantId, day, merchantShards), {
      limit: limit - rows.length,
      places: places ?? [],
    });
    rows.push(...(await readMatching(page.entries, filter, table)));
    places = page.next;
    if (places === undefined) day = dayOf(Date.parse(day) - DAY_MS);
  }
  return { rows, next: undefined };
}

async function failedPage(
  filter: TransactionFilter,
  limit: number,
  from: Place | undefined,
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

function isMatching(row: AttributeMap, { merchantId, fromMs, toMs, state, reason }: TransactionFilter): boolean {
  const occurredAt = Date.parse(stringOf(row["occurredAt"]) ?? "");
  if (stringOf(row["merchantId"]) !== merchantId || !(occurredAt >= fromMs && occurredAt < toMs)) return false;
  if (state !== undefined && stateOf(row) !== state) return false;
  return reason === undefined || readFailure(row[ATTRIBUTES.failure])?.code === reason;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
