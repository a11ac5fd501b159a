/**
 * One page out of the shards of an index partition, newest or oldest first. Each shard is read from where the page
 * before left it, and of what came only the first are given; a shard whose entries were not used up is read again
 * there.
 */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";

/** Of sort keys. */
export type IndexOrder = "newest first" | "oldest first";

export interface ShardedIndex {
  readonly tableName: string;
  readonly indexName: string;
  readonly partitionName: string;
  readonly sortName: string;
}

/** Where each shard goes on: after this entry, from its beginning (`null`), or nowhere (`false`). */
export type ShardPlaces = readonly (readonly [at: string, transactionId: string] | null | false)[];

export interface IndexEntry {
  readonly transactionId: string;
  /** Its sort key. */
  readonly at: string;
}

export interface ShardPage {
  readonly entries: readonly IndexEntry[];
  /** Undefined when all shards are over. */
  readonly next: ShardPlaces | undefined;
}

export interface ShardPageOptions {
  readonly limit: number;
  /** As `next` of the page before, one a shard. */
  readonly places: ShardPlaces;
  readonly order: IndexOrder;
  /** That sort keys begin with. */
  readonly prefix?: string;
  /** Sort keys from the first to the second, both included; in the place of a prefix. */
  readonly between?: readonly [string, string];
  /** Whether an entry is one, by its sort key; what is none is passed over, and no row is read for it. @default all */
  readonly isWanted?: (at: string) => boolean;
  /** Entries that a shard is asked for at once. @default `limit` */
  readonly atOnce?: number;
}

interface ReadShard {
  /** That are wanted. */
  readonly entries: readonly IndexEntry[];
  /** Wanted or not. */
  readonly last: IndexEntry | undefined;
  readonly isOver: boolean;
}

const OVER: ReadShard = { entries: [], last: undefined, isOver: true };

export async function shardPage(
  client: Pick<DynamoDBClient, "send">,
  index: ShardedIndex,
  partitions: readonly string[],
  options: ShardPageOptions,
): Promise<ShardPage> {
  const { limit, places, order } = options;
  const read = await Promise.all(
    partitions.map(async (partition, shard) => {
      const place = places[shard] ?? null;
      return place === false ? OVER : queryShard(client, index, partition, place, options);
    }),
  );
  const isBefore = (one: string, other: string) => (order === "newest first" ? one > other : one < other);
  // Of what is further than a shard was read, that shard may have some that come first.
  const ends = read.flatMap(({ isOver, last }) => (isOver || last === undefined ? [] : [last.at]));
  const isReached = ({ at }: IndexEntry) => !ends.some((end) => isBefore(end, at));
  const merged = read
    .flatMap(({ entries }, shard) => entries.filter(isReached).map((entry) => ({ ...entry, shard })))
    .toSorted((one, other) => (isBefore(one.at, other.at) ? -1 : isBefore(other.at, one.at) ? 1 : 0))
    .slice(0, limit);
  const next = read.map(({ entries, last, isOver }, shard): ShardPlaces[number] => {
    const used = merged.filter((entry) => entry.shard === shard);
    const isUsedUp = used.length === entries.length;
    if (isUsedUp && isOver) return false;
    const end = isUsedUp ? last : used.at(-1);
    return end === undefined ? (places[shard] ?? null) : [end.at, end.transactionId];
  });
  return { entries: merged, next: next.every((place) => place === false) ? undefined : next };
}

/** Which entries of a partition: all, or those within its sort keys. */
export function keyCondition(
  { partitionName, sortName }: Pick<ShardedIndex, "partitionName" | "sortName">,
  partition: string,
  { prefix, between }: Pick<ShardPageOptions, "prefix" | "between">,
) {
  const within = between === undefined ? "begins_with(#sort, :first)" : "#sort BETWEEN :first AND :last";
  const [first, last] = between ?? [prefix];
  return {
    KeyConditionExpression: first === undefined ? "#partition = :partition" : `#partition = :partition AND ${within}`,
    ExpressionAttributeNames: { "#partition": partitionName, ...(first !== undefined && { "#sort": sortName }) },
    ExpressionAttributeValues: {
      ":partition": { S: partition },
      ...(first !== undefined && { ":first": { S: first } }),
      ...(last !== undefined && { ":last": { S: last } }),
    },
  };
}

/** Where a query of a partition goes on after an entry; from its beginning for `null`. */
export function startKey(
  { partitionName, sortName }: Pick<ShardedIndex, "partitionName" | "sortName">,
  partition: string,
  place: readonly [string, string] | null,
) {
  if (place === null) return {};
  const [at, transactionId] = place;
  return {
    ExclusiveStartKey: {
      [partitionName]: { S: partition },
      [sortName]: { S: at },
      transactionId: { S: transactionId },
    },
  };
}

async function queryShard(
  client: Pick<DynamoDBClient, "send">,
  index: ShardedIndex,
  partition: string,
  place: readonly [string, string] | null,
  options: ShardPageOptions,
): Promise<ReadShard> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: index.tableName,
      IndexName: index.indexName,
      ...keyCondition(index, partition, options),
      ScanIndexForward: options.order === "oldest first",
      Limit: options.atOnce ?? options.limit,
      ...startKey(index, partition, place),
    }),
  );
  const entries = (Items as AttributeMap[]).map((item) => ({
    transactionId: stringOf(item["transactionId"]) ?? "",
    at: stringOf(item[index.sortName]) ?? "",
  }));
  const { isWanted = () => true } = options;
  return {
    entries: entries.filter(({ at }) => isWanted(at)),
    last: entries.at(-1),
    isOver: LastEvaluatedKey === undefined,
  };
}
