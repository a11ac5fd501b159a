/**
 * One DynamoDB Local for all test files of a process: a Java that starts takes three seconds of a core, and what it has
 * compiled it runs in a third of the time. Each who asks has tables of its own, under an access key of its own. It ends
 * with this process.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { findJava } from "../../local/dynamodb/java.ts";
import { type LocalDynamoDb, startDynamoDb } from "../../local/dynamodb/start-dynamodb.ts";
import type { RunningDynamoDb } from "../../local/local-stack.ts";
import { REGION } from "../../local/machine.ts";
import { usablePort } from "../../local/processes/ports.ts";

export interface SharedDynamoDb extends RunningDynamoDb {
  /** Deletes its tables. */
  leave(): Promise<void>;
}

interface Shared {
  readonly server: Promise<LocalDynamoDb>;
  users: number;
}

const REGISTER = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };
/** Modules are loaded anew for each test file. */
const SHARED = Symbol.for("shared DynamoDB Local");

export async function sharedDynamoDb(): Promise<SharedDynamoDb> {
  const process = globalThis as { [SHARED]?: Shared };
  const shared = (process[SHARED] ??= { server: startShared(), users: 0 });
  const { endpoint, ended } = await shared.server;
  const credentials = { accessKeyId: `test${(shared.users += 1)}`, secretAccessKey: "local" };
  return {
    endpoint,
    credentials,
    ended,
    async leave() {
      const client = new DynamoDBClient({ endpoint, region: REGION, credentials });
      const { TableNames = [] } = await client.send(new ListTablesCommand({}));
      for (const TableName of TableNames)
        // One that a test protects against it goes with this process.
        await client.send(new DeleteTableCommand({ TableName })).catch(() => undefined);
      client.destroy();
    },
  };
}

async function startShared(): Promise<LocalDynamoDb> {
  const logDirectory = mkdtempSync(join(tmpdir(), "dynamodb-local-"));
  process.once("exit", () => rmSync(logDirectory, { recursive: true, force: true }));
  const server = await startDynamoDb({
    java: await findJava(process.env["JAVA_HOME"]),
    port: await usablePort(0, "DynamoDB", ""),
    logDirectory,
    register: REGISTER,
    load: "brief",
    apartByAccessKey: true,
  });
  server.unref();
  return server;
}
