/**
 * One page out of the shards of an index partition, newest first. Each shard is read from where the page before left
 * it, and of what came only the newest are given; a shard whose entries were not used up is read again there.
 */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { z } from "@hono/zod-openapi";
import { type AttributeMap, stringOf } from "../../../core/transaction/attribute-value.ts";

export interface ShardedIndex {
  readonly tableName: string;
  readonly indexName: string;
  readonly partitionName: string;
  readonly sortName: string;
}

/** Where each shard goes on: after this entry, from its beginning (`null`), or nowhere (`false`). */
export const shardPlacesSchema = z.array(z.union([z.tuple([z.string(), z.string()]), z.null(), z.literal(false)]));
export type ShardPlaces = z.infer<typeof shardPlacesSchema>;

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

/** @param prefix that sort keys begin with. @param places as `next` of the page before, one a shard */
export async function shardPage(
  client: DynamoDBClient,
  index: ShardedIndex,
  partitions: readonly string[],
  { limit, places, prefix }: { readonly limit: number; readonly places: ShardPlaces; readonly prefix?: string },
): Promise<ShardPage> {
  const read = await Promise.all(
    partitions.map(async (partition, shard) => {
      const place = places[shard] ?? null;
      return place === false
        ? { entries: [], isOver: true }
        : queryShard(client, index, partition, limit, place, prefix);
    }),
  );
  const merged = read
    .flatMap(({ entries }, shard) => entries.map((entry) => ({ ...entry, shard })))
    .toSorted((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0))
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
  client: DynamoDBClient,
  { tableName, indexName, partitionName, sortName }: ShardedIndex,
  partition: string,
  limit: number,
  place: readonly [string, string] | null,
  prefix: string | undefined,
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
      ScanIndexForward: false,
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
