/**
 * What the `Audits` table knows of manifests: for each merchant the newest one, and for each of its days what was
 * written last. The newest one is written here first, whole, and then to the bucket: after a crash in between, whoever
 * comes next puts it there, so that the chain of manifests has no gap and never forks.
 */
import { createHash } from "node:crypto";
import { type DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { PreviousManifest } from "../audit/manifest.ts";

export interface NewestManifest extends PreviousManifest {
  readonly key: string;
  /** What the file holds. DynamoDB takes 400 KB, which is a manifest of a hundred million transactions. */
  readonly file: string;
  readonly isStored: boolean;
}

export interface DayRecord {
  readonly day: string;
  readonly revision: number;
  /** The end of the chain: the same for the same transactions. */
  readonly chain: string;
  readonly files: readonly string[];
}

const DAYS_KEPT_SECONDS = 400 * 86_400;

export class ManifestRecords {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#documents = DynamoDBDocumentClient.from(client);
    this.#table = table;
  }

  async newest(merchantId: string): Promise<NewestManifest | undefined> {
    return (await this.#get(newestKey(merchantId)))?.["newest"] as NewestManifest | undefined;
  }

  async day(merchantId: string, day: string): Promise<DayRecord | undefined> {
    return (await this.#get(dayKey(merchantId, day)))?.["written"] as DayRecord | undefined;
  }

  /** @param nowMs epoch milliseconds. @returns false when another one was faster */
  async write(merchantId: string, newest: NewestManifest, written: DayRecord, nowMs: number): Promise<boolean> {
    const { sequence } = newest;
    const isNext =
      sequence === 1
        ? { ConditionExpression: "attribute_not_exists(auditId)" }
        : { ConditionExpression: "sequenceNumber = :before", ExpressionAttributeValues: { ":before": sequence - 1 } };
    const purgeAt = Math.floor(nowMs / 1000) + DAYS_KEPT_SECONDS;
    const head = { auditId: newestKey(merchantId), sequenceNumber: sequence, newest };
    const ofDay = { auditId: dayKey(merchantId, written.day), written, purgeAt };
    try {
      await this.#documents.send(
        new TransactWriteCommand({
          TransactItems: [
            { Put: { TableName: this.#table, Item: head, ...isNext } },
            { Put: { TableName: this.#table, Item: ofDay } },
          ],
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  }

  /** The newest one is in the bucket; nothing to be done if there is a newer one by now. */
  async stored(merchantId: string, newest: NewestManifest): Promise<void> {
    const { sequence } = newest;
    const Item = { auditId: newestKey(merchantId), sequenceNumber: sequence, newest: { ...newest, isStored: true } };
    try {
      await this.#documents.send(
        new PutCommand({
          TableName: this.#table,
          Item,
          ConditionExpression: "sequenceNumber = :sequence",
          ExpressionAttributeValues: { ":sequence": sequence },
        }),
      );
    } catch (error) {
      if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
    }
  }

  async #get(auditId: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#table, Key: { auditId }, ConsistentRead: true }),
    );
    return Item;
  }
}

function newestKey(merchantId: string): string {
  return JSON.stringify(["manifest", hashOf(merchantId)]);
}

function dayKey(merchantId: string, day: string): string {
  return JSON.stringify(["manifest", hashOf(merchantId), day]);
}

/** Ids may be as long as a key. */
function hashOf(merchantId: string): string {
  return createHash("sha256").update(merchantId).digest("hex");
}
