/**
 * DynamoDB Local, AWS's own implementation, with an empty Transactions table: what a fake in memory must agree with.
 */
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { DUE_INDEX, FAILED_INDEX, MERCHANT_INDEX } from "../../core/settings/names.ts";
import type { LocalCredentials } from "../../local/local-stack.ts";
import { REGION } from "../../local/machine.ts";
import { sharedDynamoDb } from "./shared-dynamodb.ts";

export interface DynamoDbLocal {
  readonly client: DynamoDBClient;
  /** By which whoever else calls it has the same tables. */
  readonly credentials: LocalCredentials;
  readonly table: TransactionsTable;
  put(row: AttributeMap): Promise<void>;
  /** Puts rows and takes others away, 25 together at most. */
  change(rows: readonly AttributeMap[], removedIds: readonly string[]): Promise<void>;
  get(transactionId: string): Promise<AttributeMap | undefined>;
  stop(): Promise<void>;
}

export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const shared = await sharedDynamoDb();
  const { endpoint, credentials } = shared;
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials });
  const table = new TransactionsTable(client, "Transactions");
  await createTable(client, table.name);
  return {
    client,
    credentials,
    table,
    async put(row) {
      await client.send(new PutItemCommand({ TableName: table.name, Item: row as never }));
    },
    async change(rows, removedIds) {
      const puts = rows.map((row) => ({ PutRequest: { Item: row as never } }));
      const removals = removedIds.map((id) => ({ DeleteRequest: { Key: { transactionId: { S: id } } } }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table.name]: [...puts, ...removals] } }));
    },
    async get(transactionId) {
      const Key = { transactionId: { S: transactionId } };
      return (await client.send(new GetItemCommand({ TableName: table.name, Key, ConsistentRead: true }))).Item;
    },
    async stop() {
      client.destroy();
      await shared.leave();
    },
  };
}

async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  const projection = { Projection: { ProjectionType: "KEYS_ONLY" } } as const;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "transactionId", AttributeType: "S" },
        { AttributeName: "dueKey", AttributeType: "S" },
        { AttributeName: "dueAt", AttributeType: "N" },
        { AttributeName: "merchantKey", AttributeType: "S" },
        { AttributeName: "occurredAt", AttributeType: "S" },
        { AttributeName: "failedKey", AttributeType: "S" },
        { AttributeName: "failedAt", AttributeType: "S" },
      ],
      KeySchema: [{ AttributeName: "transactionId", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: DUE_INDEX,
          KeySchema: [
            { AttributeName: "dueKey", KeyType: "HASH" },
            { AttributeName: "dueAt", KeyType: "RANGE" },
          ],
          ...projection,
        },
        {
          IndexName: MERCHANT_INDEX,
          KeySchema: [
            { AttributeName: "merchantKey", KeyType: "HASH" },
            { AttributeName: "occurredAt", KeyType: "RANGE" },
          ],
          ...projection,
        },
        {
          IndexName: FAILED_INDEX,
          KeySchema: [
            { AttributeName: "failedKey", KeyType: "HASH" },
            { AttributeName: "failedAt", KeyType: "RANGE" },
          ],
          ...projection,
        },
      ],
    }),
  );
}
