/**
 * The one DynamoDB Local of all test files of a run (`run-services.ts`). Each who asks has tables of its own, under an
 * access key of its own.
 */
import { randomUUID } from "node:crypto";
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import type { RunningDynamoDb } from "../../local/local-stack.ts";
import { REGION } from "../../local/machine.ts";
import { askRun } from "./run-services.ts";

export interface SharedDynamoDb extends RunningDynamoDb {
  /** Deletes its tables. */
  leave(): Promise<void>;
}

/** That it ended is seen by who calls it. */
const NEVER = new Promise<string>(() => undefined);

export async function sharedDynamoDb(): Promise<SharedDynamoDb> {
  const { endpoint } = await askRun("/dynamodb", null);
  const credentials = { accessKeyId: `test${randomUUID().replaceAll("-", "")}`, secretAccessKey: "local" };
  return {
    endpoint,
    credentials,
    ended: NEVER,
    async leave() {
      const client = new DynamoDBClient({ endpoint, region: REGION, credentials });
      const { TableNames = [] } = await client.send(new ListTablesCommand({}));
      for (const TableName of TableNames)
        // One that a test protects against it goes with this run.
        await client.send(new DeleteTableCommand({ TableName })).catch(() => undefined);
      client.destroy();
    },
  };
}
