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
}

export async function shardPage(
  client: Pick<DynamoDBClient, "send">,
  index: ShardedIndex,
  partitions: readonly string[],
  options: ShardPageOptions,
): Promise<ShardPage> {
  const { limit, places, order } = options;
  const after = order === "newest first" ? -1 : 1;
  const read = await Promise.all(
    partitions.map(async (partition, shard) => {
      const place = places[shard] ?? null;
      return place === false ? { entries: [], isOver: true } : queryShard(client, index, partition, place, options);
    }),
  );
  const merged = read
    .flatMap(({ entries }, shard) => entries.map((entry) => ({ ...entry, shard })))
    .toSorted((one, other) => (one.at < other.at ? -after : one.at > other.at ? after : 0))
    .slice(0, limit);
  const next = read.map(({ entries, isOver }, shard): ShardPlaces[number] => {
    const used = merged.filter((entry) => entry.shard === shard);
    const last = used.at(-1);
    if (used.length === entries.length && isOver) return false;
    return last === undefined ? (places[shard] ?? null) : [last.at, last.transactionId];
  });
  return { entries: merged, next: next.every((place) => place === false) ? undefined : next };
}

const IN_PARTITION = "#partition = :partition";

async function queryShard(
  client: Pick<DynamoDBClient, "send">,
  { tableName, indexName, partitionName, sortName }: ShardedIndex,
  partition: string,
  place: readonly [string, string] | null,
  { limit, order, prefix }: ShardPageOptions,
): Promise<{ readonly entries: readonly IndexEntry[]; readonly isOver: boolean }> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: indexName,
      KeyConditionExpression: prefix === undefined ? IN_PARTITION : `${IN_PARTITION} AND begins_with(#sort, :prefix)`,
      ExpressionAttributeNames: { "#partition": partitionName, ...(prefix !== undefined && { "#sort": sortName }) },
      ExpressionAttributeValues: {
        ":partition": { S: partition },
        ...(prefix !== undefined && { ":prefix": { S: prefix } }),
      },
      ScanIndexForward: order === "oldest first",
      Limit: limit,
      ...(place !== null && {
        ExclusiveStartKey: {
          [partitionName]: { S: partition },
          [sortName]: { S: place[0] },
          transactionId: { S: place[1] },
        },
      }),
    }),
  );
  const entries = (Items as AttributeMap[]).map((item) => ({
    transactionId: stringOf(item["transactionId"]) ?? "",
    at: stringOf(item[sortName]) ?? "",
  }));
  return { entries, isOver: LastEvaluatedKey === undefined };
}
