/**
 * Whether a merchant has transactions that are not over, proved from the due index, which has every row that is on its
 * way or waits. Rows that wait for the merchant are in partitions of its own; those on their way are everyone's, and
 * are looked through to a bound. The index follows its table by moments: a row that was written just now may be missed.
 */
import { BatchGetItemCommand, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { DUE_INDEX } from "../settings/names.ts";
import { acceptedOf } from "../transaction/accepted.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { dueKeys, waitKeys } from "../transaction/row/index-keys.ts";
import { isTerminal } from "../transaction/row/row-state.ts";

export type Unfinished =
  | { readonly kind: "none" }
  | { readonly kind: "some"; readonly transactionId: string }
  /** More is on its way than was looked through. */
  | { readonly kind: "unknown"; readonly looked: number };

export interface UnfinishedParts {
  readonly client: DynamoDBClient;
  readonly transactionsTable: string;
  readonly dueShards: number;
}

/** The most that `merchantShards` can be, now or before. */
const MAX_MERCHANT_SHARDS = 64;
/** Rows on their way, of all merchants together, that one look goes through. */
export const MOST_LOOKED_AT = 2000;
const MOST_KEYS = 100;
const ROUNDS = 3;

export async function unfinishedOf(merchantId: string, parts: UnfinishedParts): Promise<Unfinished> {
  const waiting = await Promise.all(
    waitKeys(merchantId, MAX_MERCHANT_SHARDS).map((key) => idsUnder(key, MOST_KEYS, parts)),
  );
  const { pending, ordered, parked } = dueKeys(parts.dueShards);
  const onTheirWay = await Promise.all(
    [...pending, ...ordered, ...parked].map((key) => idsUnder(key, MOST_LOOKED_AT, parts)),
  );
  const ids = [...waiting, ...onTheirWay].flatMap((page) => page.ids);
  for (let from = 0; from < Math.min(ids.length, MOST_LOOKED_AT); from += MOST_KEYS) {
    const found = await firstOf(merchantId, ids.slice(from, from + MOST_KEYS), parts);
    if (found !== undefined) return found;
  }
  const isWhole = ids.length <= MOST_LOOKED_AT && [...waiting, ...onTheirWay].every(({ isOver }) => isOver);
  return isWhole ? { kind: "none" } : { kind: "unknown", looked: Math.min(ids.length, MOST_LOOKED_AT) };
}

async function idsUnder(
  dueKey: string,
  limit: number,
  { client, transactionsTable }: UnfinishedParts,
): Promise<{ readonly ids: readonly string[]; readonly isOver: boolean }> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: transactionsTable,
      IndexName: DUE_INDEX,
      KeyConditionExpression: `${ATTRIBUTES.dueKey} = :dueKey`,
      ExpressionAttributeValues: { ":dueKey": { S: dueKey } },
      Limit: limit + 1,
    }),
  );
  const ids = Items.flatMap(({ transactionId }) => (transactionId?.S === undefined ? [] : [transactionId.S]));
  return { ids, isOver: LastEvaluatedKey === undefined };
}

/** The index may still have what is over. */
async function firstOf(
  merchantId: string,
  transactionIds: readonly string[],
  { client, transactionsTable }: UnfinishedParts,
): Promise<Unfinished | undefined> {
  let keys = [...new Set(transactionIds)].map((id) => ({ transactionId: { S: id } }));
  for (let round = 0; round < ROUNDS && keys.length > 0; round += 1) {
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [transactionsTable]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const row of Responses[transactionsTable] ?? [])
      if (!isTerminal(row) && isOf(row, merchantId))
        return { kind: "some", transactionId: row["transactionId"]?.S ?? "" };
    keys = (UnprocessedKeys[transactionsTable]?.Keys ?? []) as typeof keys;
  }
  return keys.length === 0 ? undefined : { kind: "unknown", looked: 0 };
}

function isOf(row: AttributeMap, merchantId: string): boolean {
  return stringOf(row["merchantId"]) === merchantId || acceptedOf(row)?.merchantId === merchantId;
}
