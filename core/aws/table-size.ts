/** How large a table and its due index are, as DynamoDB counts it every six hours or so. */
import { DescribeTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DUE_INDEX } from "../settings/names.ts";

export interface TableSize {
  readonly items: number;
  readonly bytes: number;
  /** 0 for a table without one. */
  readonly dueIndexBytes: number;
}

export async function tableSize(client: DynamoDBClient, tableName: string): Promise<TableSize> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const index = Table?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === DUE_INDEX);
  return {
    items: Table?.ItemCount ?? 0,
    bytes: Table?.TableSizeBytes ?? 0,
    dueIndexBytes: index?.IndexSizeBytes ?? 0,
  };
}
