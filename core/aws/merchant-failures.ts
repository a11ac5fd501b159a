/**
 * What failed of a merchant, from the index that has nothing else: page by page, or counted by reason. Both take the
 * same filter, so that a count says how many the pages have. Of the index alone, never by a scan.
 */
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { FAILED_INDEX } from "../settings/names.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";
import { FAILURE_FAULTS, type Fault } from "../transaction/failure-faults.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { failedAtFor, failedAtParts, failedKeys, isSameFailedMerchant } from "../transaction/row/index-keys.ts";
import { stateOf } from "../transaction/row/row-state.ts";
import type { ListParts } from "./merchant-transactions.ts";
import { type IndexEntry, keyCondition, shardPage, type ShardPlaces, startKey } from "./shard-page.ts";

export interface FailureFilter {
  readonly merchantId: string;
  readonly reason?: string | undefined;
  readonly fault?: Fault | undefined;
  /** Epoch milliseconds, of when it failed; from is included, to is not. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Somebody gave one of both, so that most of what is there may lie before or after. */
  readonly isOfATime?: boolean | undefined;
}

/** Where a page ended: the reason that it was at, where they are gone through one by one, and the shards of it. */
export interface FailurePlace {
  /** @default the first */
  readonly reason?: number | undefined;
  /** Reasons are gone through one by one though the filter names none, nor a fault. */
  readonly isByReason?: true | undefined;
  readonly shards: ShardPlaces;
}

export interface FailedEntry {
  readonly code: string;
  /** Epoch milliseconds. */
  readonly failedAt: number;
  readonly row: AttributeMap;
}

export interface FailurePage {
  readonly entries: readonly FailedEntry[];
  readonly next: FailurePlace | undefined;
}

export interface FailureCounts {
  /** By reason; those that there are none of are left out. */
  readonly counts: ReadonlyMap<string, number>;
  /** There are more to count. */
  readonly next: FailurePlace | undefined;
}

/** Queries of one request for a page, however little they find. */
const MAX_QUERIES = 64;
/** Index entries that one request counts, at most: 3 MB of keys, or 400 read units. */
export const MOST_COUNTED = 20_000;
const PARTITION = { partitionName: ATTRIBUTES.failedKey, sortName: ATTRIBUTES.failedAt };

/**
 * By reason, and within one the newest first. Of a time, the keys of each reason within it are read and no others; what
 * failed for a reason that only a newer program knows is then in no page.
 */
export async function listMerchantFailures(
  filter: FailureFilter,
  limit: number,
  from: FailurePlace | undefined,
  { client, table, merchantShards }: ListParts,
): Promise<FailurePage> {
  const index = { tableName: table.name, indexName: FAILED_INDEX, ...PARTITION };
  // A page goes on as the one before it began, also where that came from a program that read all at once.
  const isByReason = filter.isOfATime === true && (from === undefined || from.isByReason === true);
  const ranges = rangesOf(filter, isByReason);
  const entries: FailedEntry[] = [];
  let reason = from?.reason ?? 0;
  let places: ShardPlaces | undefined = from?.shards ?? [];
  for (let queries = 0; reason < ranges.length; queries += merchantShards) {
    if (entries.length >= limit || (queries > 0 && queries + merchantShards > MAX_QUERIES))
      return { entries, next: { reason, ...(isByReason && { isByReason }), shards: places ?? [] } };
    const between = ranges[reason];
    const page = await shardPage(client, index, failedKeys(filter.merchantId, merchantShards), {
      limit: limit - entries.length,
      places: places ?? [],
      order: "newest first",
      ...(between !== undefined && { between }),
    });
    entries.push(...(await readFailed(page.entries, filter, table)));
    places = page.next;
    if (places === undefined) reason += 1;
  }
  return { entries, next: undefined };
}

/** Counts of all pages add up; each adds at most `MOST_COUNTED` entries, in one query a shard. */
export async function countMerchantFailures(
  filter: FailureFilter,
  from: FailurePlace | undefined,
  { client, table, merchantShards }: ListParts,
): Promise<FailureCounts> {
  const between = filter.reason === undefined ? undefined : rangesOf(filter)[0];
  const places = from?.shards ?? [];
  const read = await Promise.all(
    failedKeys(filter.merchantId, merchantShards).map(async (partition, shard) => {
      const place = places[shard] ?? null;
      if (place === false) return { ats: [], next: false as const };
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: FAILED_INDEX,
          ...keyCondition(PARTITION, partition, between === undefined ? {} : { between }),
          // Reasons come with the keys, which would be read for a count of each as well.
          ProjectionExpression: ATTRIBUTES.failedAt,
          Limit: Math.ceil(MOST_COUNTED / merchantShards),
          ...startKey(PARTITION, partition, place),
        }),
      );
      return {
        ats: (Items as AttributeMap[]).map((item) => stringOf(item[ATTRIBUTES.failedAt]) ?? ""),
        next: placeAfter(LastEvaluatedKey),
      };
    }),
  );
  const counts = new Map<string, number>();
  for (const at of read.flatMap(({ ats }) => ats)) {
    const code = codeWithin(at, filter)?.code;
    if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const next = read.map((shard) => shard.next);
  return { counts, next: next.every((place) => place === false) ? undefined : { shards: next } };
}

/** Whose fault it is where it fails for this reason. One that only a newer program knows is ours to find out. */
export function faultOf(code: string): Fault {
  return Object.hasOwn(FAILURE_FAULTS, code) ? FAILURE_FAULTS[code as keyof typeof FAILURE_FAULTS] : "pipeline";
}

/** Sort keys of each reason that is asked for; one for all, where the filter names none. @param isByReason then too */
function rangesOf(
  { reason, fault, fromMs, toMs }: FailureFilter,
  isByReason = false,
): readonly (readonly [string, string] | undefined)[] {
  if (reason === undefined && fault === undefined && !isByReason) return [undefined];
  const codes = reason === undefined ? Object.keys(FAILURE_FAULTS).toSorted() : [reason];
  return codes
    .filter((code) => fault === undefined || faultOf(code) === fault)
    .map((code) => [failedAtFor(code, fromMs), failedAtFor(code, toMs - 1)]);
}

function codeWithin(failedAt: string, { reason, fault, fromMs, toMs }: FailureFilter) {
  const parts = failedAtParts(failedAt);
  if (parts === undefined || parts.at < fromMs || parts.at >= toMs) return undefined;
  if (reason !== undefined && parts.code !== reason) return undefined;
  return fault === undefined || faultOf(parts.code) === fault ? parts : undefined;
}

/** An index follows its table, and may still have what was put on its way again. */
async function readFailed(
  found: readonly IndexEntry[],
  filter: FailureFilter,
  table: ListParts["table"],
): Promise<FailedEntry[]> {
  const within = found.flatMap(({ transactionId, at }) => {
    const parts = codeWithin(at, filter);
    return parts === undefined ? [] : [{ transactionId, at, code: parts.code, failedAt: parts.at }];
  });
  if (within.length === 0) return [];
  const read = await table.read(within.map(({ transactionId }) => transactionId));
  return within.flatMap(({ transactionId, at, code, failedAt }) => {
    const row = read.get(transactionId);
    return row !== undefined && isListed(row, filter.merchantId, at) ? [{ code, failedAt, row }] : [];
  });
}

function isListed(row: AttributeMap, merchantId: string, at: string): boolean {
  const [firstKey = ""] = failedKeys(merchantId, 1);
  const failedKey = stringOf(row[ATTRIBUTES.failedKey]);
  return (
    stateOf(row) === "FAILED" &&
    stringOf(row[ATTRIBUTES.failedAt]) === at &&
    failedKey !== undefined &&
    isSameFailedMerchant(failedKey, firstKey)
  );
}

function placeAfter(last: AttributeMap | undefined): readonly [string, string] | false {
  const at = stringOf(last?.[ATTRIBUTES.failedAt]);
  const transactionId = stringOf(last?.["transactionId"]);
  return at === undefined || transactionId === undefined ? false : [at, transactionId];
}
