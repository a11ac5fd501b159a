/**
 * A merchant's transactions of the last hours, from the index by merchant and day: all of them where they are few, else
 * the last of each hour. A bounded number of reads, whatever it gets.
 */
import { MERCHANT_INDEX } from "../settings/names.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { merchantDayKeys } from "../transaction/row/index-keys.ts";
import { HOUR_MS } from "../merchant/performance.ts";
import {
  isMatching,
  listMerchantTransactions,
  type ListParts,
  type TransactionFilter,
  type TransactionPlace,
} from "./merchant-transactions.ts";
import { shardPage } from "./shard-page.ts";
import { MAX_READS } from "./transactions-table.ts";

export interface LookedAt {
  readonly rows: readonly AttributeMap[];
  /** False where there are more, and these are the last of each hour. */
  readonly isWhole: boolean;
}

/** Pages that are read in search of all of them, a hundred rows each at most. */
const MOST_PAGES = 3;
/** Of each hour, where there are more. */
export const SAMPLED_AN_HOUR = 15;
/** A shard has what hashes say, so that some of them are as good as all. */
const MOST_SHARDS = 4;
const HOURS_AT_ONCE = 6;
const DAY_MS = 86_400_000;
/** Of `2026-11-22T10:00:00.000Z`, as texts of times begin. */
const DAY_LENGTH = 10;
const HOUR_LENGTH = 13;

/** @param from a full hour, epoch milliseconds. @param now epoch milliseconds */
export async function transactionsOfHours(
  merchantId: string,
  from: number,
  now: number,
  parts: ListParts,
): Promise<LookedAt> {
  const filter: TransactionFilter = { merchantId, fromMs: from, toMs: now + DAY_MS };
  const rows: AttributeMap[] = [];
  let place: TransactionPlace | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await listMerchantTransactions(filter, MAX_READS, place, parts);
    rows.push(...page.rows);
    place = page.next;
    if (place === undefined) return { rows, isWhole: true };
  }
  return { rows: await sampled(filter, from, now, parts), isWhole: false };
}

async function sampled(
  filter: TransactionFilter,
  from: number,
  now: number,
  { client, table, merchantShards }: ListParts,
): Promise<AttributeMap[]> {
  const index = {
    tableName: table.name,
    indexName: MERCHANT_INDEX,
    partitionName: ATTRIBUTES.merchantKey,
    sortName: "occurredAt",
  };
  const idsOf = async (hour: number): Promise<string[]> => {
    const text = new Date(hour).toISOString();
    const keys = merchantDayKeys(filter.merchantId, text.slice(0, DAY_LENGTH), merchantShards).slice(0, MOST_SHARDS);
    const { entries } = await shardPage(client, index, keys, {
      limit: SAMPLED_AN_HOUR,
      places: [],
      order: "newest first",
      prefix: text.slice(0, HOUR_LENGTH),
    });
    return entries.map(({ transactionId }) => transactionId);
  };
  const ids: string[] = [];
  const hours = Array.from({ length: Math.ceil((now - from) / HOUR_MS) }, (_, hour) => from + hour * HOUR_MS);
  for (let next = 0; next < hours.length; next += HOURS_AT_ONCE)
    ids.push(...(await Promise.all(hours.slice(next, next + HOURS_AT_ONCE).map(idsOf))).flat());
  const rows: AttributeMap[] = [];
  for (let next = 0; next < ids.length; next += MAX_READS)
    rows.push(...(await table.read(ids.slice(next, next + MAX_READS))).values());
  return rows.filter((row) => isMatching(row, filter));
}
