/** Tables of the API beside that of transactions, as the stack has them, in DynamoDB Local. */
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ID_START } from "../../../core/merchant/id-start.ts";
import { MERCHANT_IDS_INDEX, RESOURCE_INDEX } from "../../../core/settings/names.ts";
import { createJobsTable } from "../../support/jobs-table.ts";

export const API_TABLES = {
  merchantsTable: "Merchants",
  merchantGatesTable: "MerchantGates",
  auditLogTable: "AuditLog",
  jobsTable: "Jobs",
} as const;

export async function createApiTables(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: API_TABLES.merchantsTable,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["merchantId", ID_START].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S" as const,
      })),
      KeySchema: [{ AttributeName: "merchantId", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: MERCHANT_IDS_INDEX,
          KeySchema: [
            { AttributeName: ID_START, KeyType: "HASH" },
            { AttributeName: "merchantId", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: API_TABLES.merchantGatesTable,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "merchantId", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "merchantId", KeyType: "HASH" }],
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
