/** Tables of the API beside that of transactions, as the stack has them, in DynamoDB Local. */
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { RESOURCE_INDEX } from "../../../core/settings/names.ts";
import { createJobsTable } from "../../support/jobs-table.ts";

export const API_TABLES = {
  merchantsTable: "Merchants",
  merchantGatesTable: "MerchantGates",
  auditLogTable: "AuditLog",
  jobsTable: "Jobs",
} as const;

export async function createApiTables(client: DynamoDBClient): Promise<void> {
  const keys = { [API_TABLES.merchantsTable]: "merchantId", [API_TABLES.merchantGatesTable]: "merchantId" };
  for (const [TableName, AttributeName] of Object.entries(keys))
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName, AttributeType: "S" }],
        KeySchema: [{ AttributeName, KeyType: "HASH" }],
      }),
    );
  await createJobsTable(client, API_TABLES.jobsTable);
  await client.send(
    new CreateTableCommand({
      TableName: API_TABLES.auditLogTable,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["day", "entry", "resource"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S" as const,
      })),
      KeySchema: [
        { AttributeName: "day", KeyType: "HASH" },
        { AttributeName: "entry", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: RESOURCE_INDEX,
          KeySchema: [
            { AttributeName: "resource", KeyType: "HASH" },
            { AttributeName: "entry", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
}
