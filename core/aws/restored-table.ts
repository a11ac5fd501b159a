/** A table that was restored from a backup, as DynamoDB describes it. */
import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";

export interface RestoredTable {
  readonly isReady: boolean;
  /** Names of its key, joined by commas, each but texts with its type: `transactionId`, or `id:N,at:N`. */
  readonly key: string;
  /** Epoch milliseconds of the backup; undefined where DynamoDB did not restore it. */
  readonly restoredTo: number | undefined;
}

/** @returns undefined where there is no such table */
export async function describeRestored(client: DynamoDBClient, TableName: string): Promise<RestoredTable | undefined> {
  try {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
    return {
      isReady: table?.TableStatus === "ACTIVE" && table.RestoreSummary?.RestoreInProgress !== true,
      key: keyOf(table ?? {}),
      restoredTo: table?.RestoreSummary?.RestoreDateTime?.getTime(),
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function keyOf({ KeySchema: schema = [], AttributeDefinitions: attributes = [] }: TableDescription): string {
  const names = schema.map(({ AttributeName: name = "" }) => {
    const { AttributeType: type } = attributes.find(({ AttributeName }) => AttributeName === name) ?? {};
    return type === "S" ? name : `${name}:${type}`;
  });
  return names.join(",");
}
