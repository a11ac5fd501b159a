/**
 * A backup that was restored to a table of its own, as DynamoDB makes one from point-in-time recovery: without streams,
 * without a time to live. This one is read from the table while that is written to, so its time is that of its first
 * read: whatever changes after that may be in it or not.
 */
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  ScanCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";

type Row = NonNullable<WriteRequest["PutRequest"]>["Item"];

const WRITES = 25;
const SEGMENTS = 4;

/** @returns the epoch milliseconds that it is of */
export async function copyTable(client: DynamoDBClient, from: string, to: string): Promise<number> {
  await client.send(
    new CreateTableCommand({
      TableName: to,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "transactionId", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "transactionId", KeyType: "HASH" }],
    }),
  );
  const at = Date.now();
  await Promise.all(
    Array.from({ length: SEGMENTS }, async (_, Segment) => {
      let next: Row | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new ScanCommand({
            TableName: from,
            ConsistentRead: true,
            Segment,
            TotalSegments: SEGMENTS,
            ExclusiveStartKey: next,
          }),
        );
        await putRows(client, to, Items);
        next = LastEvaluatedKey;
      } while (next !== undefined);
    }),
  );
  return at;
}

async function putRows(client: DynamoDBClient, table: string, rows: readonly Row[]): Promise<void> {
  for (let start = 0; start < rows.length; start += WRITES) {
    let left: WriteRequest[] = rows.slice(start, start + WRITES).map((Item) => ({ PutRequest: { Item } }));
    while (left.length > 0) {
      const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
      left = UnprocessedItems?.[table] ?? [];
    }
  }
}
