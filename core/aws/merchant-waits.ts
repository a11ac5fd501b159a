/**
 * What waits for a merchant, and what failed for it last, from its own partitions of the indexes: a bounded number of
 * reads, whatever its backlog, and none of what deliveries of others need.
 */
import { BatchGetItemCommand, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { DUE_INDEX, FAILED_INDEX } from "../settings/names.ts";
import { type AttributeMap, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { failedKeys, waitKeys } from "../transaction/row/index-keys.ts";

export interface MerchantWaits {
  readonly transactions: number;
  /** False where there are more than were counted. */
  readonly isWhole: boolean;
  /** Epoch milliseconds at which the first is given up. */
  readonly firstGivenUpAt?: number;
  /** Rows of those that are looked at first. */
  readonly rows: readonly AttributeMap[];
}

export interface MerchantWaitsParts {
  readonly client: DynamoDBClient;
  readonly transactionsTable: string;
  readonly merchantShards: number;
}

/** Counted in each shard. */
const MOST_COUNTED = 1000;
/** Of the failed ones, looked at in each shard; of all, the newest are read. */
const MOST_FAILED = 100;
const ROWS_READ = 20;

interface Entry {
  readonly transactionId: string;
  readonly at: number;
}

export async function merchantWaits(merchantId: string, parts: MerchantWaitsParts): Promise<MerchantWaits> {
  const pages = await Promise.all(waitKeys(merchantId, parts.merchantShards).map((key) => waitingUnder(key, parts)));
  const entries = pages.flatMap((page) => page.entries).toSorted((one, other) => one.at - other.at);
  const [first] = entries;
  const rows = await rowsOf(entries.slice(0, ROWS_READ), parts);
  // What has another channel is looked at before that.
  const givenUpAt = rows.flatMap((row) => numberOf(row[ATTRIBUTES.giveUpAt]) ?? []);
  return {
    transactions: entries.length,
    isWhole: pages.every(({ isOver }) => isOver),
    ...(first !== undefined && { firstGivenUpAt: givenUpAt.length === 0 ? first.at : Math.min(...givenUpAt) }),
    rows,
  };
}

/** Rows that failed last, newest first, of those that were looked at. */
export async function lastFailed(merchantId: string, parts: MerchantWaitsParts): Promise<readonly AttributeMap[]> {
  const { client, transactionsTable, merchantShards } = parts;
  const pages = await Promise.all(
    failedKeys(merchantId, merchantShards).map(async (key) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: transactionsTable,
          IndexName: FAILED_INDEX,
          KeyConditionExpression: `${ATTRIBUTES.failedKey} = :key`,
          ExpressionAttributeValues: { ":key": { S: key } },
          ScanIndexForward: false,
          Limit: MOST_FAILED,
        }),
      );
      return Items.flatMap((item): Entry[] => {
        const failedAt = stringOf(item[ATTRIBUTES.failedAt]) ?? "";
        const at = Date.parse(failedAt.slice(failedAt.indexOf("#") + 1));
        return Number.isNaN(at) ? [] : [{ transactionId: item["transactionId"]?.S ?? "", at }];
      });
    }),
  );
  const newest = pages.flat().toSorted((one, other) => other.at - one.at);
  return rowsOf(newest.slice(0, ROWS_READ), parts);
}

async function waitingUnder(
  dueKey: string,
  { client, transactionsTable }: MerchantWaitsParts,
): Promise<{ readonly entries: readonly Entry[]; readonly isOver: boolean }> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: transactionsTable,
      IndexName: DUE_INDEX,
      KeyConditionExpression: `${ATTRIBUTES.dueKey} = :dueKey`,
      ExpressionAttributeValues: { ":dueKey": { S: dueKey } },
      Limit: MOST_COUNTED,
    }),
  );
  const entries = Items.map((item) => ({
    transactionId: item["transactionId"]?.S ?? "",
    at: numberOf(item[ATTRIBUTES.dueAt]) ?? 0,
  }));
  return { entries, isOver: LastEvaluatedKey === undefined };
}

/** In the order of the entries; what DynamoDB leaves unread is left out. */
async function rowsOf(
  entries: readonly Entry[],
  { client, transactionsTable }: MerchantWaitsParts,
): Promise<readonly AttributeMap[]> {
  const ids = [...new Set(entries.map(({ transactionId }) => transactionId))];
  if (ids.length === 0) return [];
  const Keys = ids.map((id) => ({ transactionId: { S: id } }));
  const { Responses = {} } = await client.send(
    new BatchGetItemCommand({ RequestItems: { [transactionsTable]: { Keys } } }),
  );
  const byId = new Map((Responses[transactionsTable] ?? []).map((row) => [row["transactionId"]?.S, row]));
  return ids.flatMap((id): AttributeMap[] => {
    const row = byId.get(id);
    return row === undefined ? [] : [row];
  });
}
