/** The Jobs table on DynamoDB Local, with its index. */
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { JOBS_INDEX } from "../../core/settings/names.ts";

export async function createJobsTable(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "jobId", AttributeType: "S" },
        { AttributeName: "listedAs", AttributeType: "S" },
        { AttributeName: "listedAt", AttributeType: "S" },
      ],
      KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: JOBS_INDEX,
          KeySchema: [
            { AttributeName: "listedAs", KeyType: "HASH" },
            { AttributeName: "listedAt", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
}
