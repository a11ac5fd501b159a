/**
 * The `Audits` table: which run of a kind is the current one, and how far each of its parts is. Every write is
 * conditional on what was read, since a part may be worked on twice.
 */
import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, type PutCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Kind, Progress, Run, RunStore } from "../audit/audit-run.ts";

/** Parts of a run are of no use once the next runs are over. */
const PARTS_KEPT_SECONDS = 14 * 86_400;

export class AuditStore implements RunStore {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    this.#table = table;
  }

  async current(kind: Kind): Promise<Run | undefined> {
    return (await this.#get(runKey(kind)))?.["run"] as Run | undefined;
  }

  start(run: Run, before: Run | undefined): Promise<boolean> {
    return this.#put({
      Item: { auditId: runKey(run.kind), runId: run.runId, run },
      ...(before === undefined
        ? { ConditionExpression: "attribute_not_exists(auditId)" }
        : { ConditionExpression: "runId = :before", ExpressionAttributeValues: { ":before": before.runId } }),
    });
  }

  finish(run: Run): Promise<boolean> {
    return this.#put({
      Item: { auditId: runKey(run.kind), runId: run.runId, run },
      ConditionExpression: "runId = :runId AND attribute_not_exists(run.finishedAt)",
      ExpressionAttributeValues: { ":runId": run.runId },
    });
  }

  async progress(runId: string, part: number): Promise<Progress | undefined> {
    return (await this.#get(partKey(runId, part)))?.["progress"] as Progress | undefined;
  }

  save(runId: string, part: number, progress: Progress): Promise<boolean> {
    const purgeAt = Math.floor(progress.savedAt / 1000) + PARTS_KEPT_SECONDS;
    return this.#put({
      Item: { auditId: partKey(runId, part), stepNumber: progress.step, progress, purgeAt },
      ...(progress.step === 1
        ? { ConditionExpression: "attribute_not_exists(auditId)" }
        : {
            ConditionExpression: "stepNumber = :before",
            ExpressionAttributeValues: { ":before": progress.step - 1 },
          }),
    });
  }

  async #get(auditId: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#table, Key: { auditId }, ConsistentRead: true }),
    );
    return Item;
  }

  async #put(input: Omit<PutCommandInput, "TableName">): Promise<boolean> {
    try {
      await this.#documents.send(new PutCommand({ TableName: this.#table, ...input }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

function runKey(kind: Kind): string {
  return JSON.stringify(["run", kind]);
}

function partKey(runId: string, part: number): string {
  return JSON.stringify(["part", runId, part]);
}
