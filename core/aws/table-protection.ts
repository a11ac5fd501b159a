/** Deletion protection of tables: whether it is on, and turning it on or off. What is so already is left alone. */
import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";

/** @returns undefined for a table that is not there */
export async function isProtected(client: DynamoDBClient, table: string): Promise<boolean | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    return Table?.DeletionProtectionEnabled === true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** @throws the SDK's errors, and when a table that is to be protected is not there */
export async function protectTable(client: DynamoDBClient, table: string, wanted: boolean): Promise<void> {
  const is = await isProtected(client, table);
  // One that is gone needs no protection any more.
  if (is === wanted || (is === undefined && !wanted)) return;
  await client.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: wanted }));
}
