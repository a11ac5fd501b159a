/**
 * The `Jobs` table as jobs in parts use it: the job's row, its parts and their batches. Every write is conditional on
 * what was read, since a part may be worked on twice.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type Put,
  type TransactWriteItem,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { changedAttributes, type Job, JOB_KEPT_SECONDS, JOB_ROW, type JobState, readJobRow } from "../jobs/job.ts";
import { type Batch, type BatchId, NEW_PART, type Part, type PartId } from "../jobs/part.ts";
import { TIME_TO_LIVE } from "../settings/names.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";

/** Attributes of parts and batches. */
const STEP = "step";
const BODY = "body";

type ConditionalPut = Pick<Put, "TableName" | "Item" | "ConditionExpression"> & Partial<Put>;

export type JobChange = Partial<Pick<Job, "state" | "counted" | "totals" | "startedAt" | "doneAt">>;

export class JobStore {
  readonly #client: DynamoDBClient;
  readonly #now: () => number;
  readonly table: string;

  /** @param now epoch milliseconds */
  constructor(client: DynamoDBClient, table: string, now: () => number) {
    this.#client = client;
    this.#now = now;
    this.table = table;
  }

  async job(jobId: string): Promise<Job | undefined> {
    const row = await this.#get(jobId);
    return row === undefined ? undefined : readJobRow(row);
  }

  /** As nobody has worked on it, where nobody has. */
  async part(id: PartId): Promise<Part> {
    const row = await this.#get(partKey(id));
    return row === undefined ? NEW_PART : (bodyOf(row) as Part);
  }

  async batch(id: BatchId): Promise<Batch | undefined> {
    const row = await this.#get(batchKey(id));
    return row === undefined ? undefined : (bodyOf(row) as Batch);
  }

  /** @param part at its new step. @returns false where somebody else has written this step */
  savePart(id: PartId, part: Part): Promise<boolean> {
    return this.#put(this.#putOf(partKey(id), part));
  }

  saveBatch(id: BatchId, batch: Batch): Promise<boolean> {
    return this.#put(this.#putOf(batchKey(id), batch));
  }

  /** Both or neither: a batch is opened, or closed, with its part. */
  async saveBoth(id: BatchId, part: Part, batch: Batch): Promise<boolean> {
    const TransactItems: TransactWriteItem[] = [
      { Put: this.#putOf(partKey(id), part) },
      { Put: this.#putOf(batchKey(id), batch) },
    ];
    try {
      await this.#client.send(new TransactWriteItemsCommand({ TransactItems }));
      return true;
    } catch (error) {
      const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      if (reasons.some(({ Code }) => Code === "ConditionalCheckFailed")) return false;
      throw error;
    }
  }

  /** @returns false where it is not in that state any more */
  async change(jobId: string, from: JobState, change: JobChange): Promise<boolean> {
    try {
      await this.#client.send(new UpdateItemCommand(jobChange(this.table, jobId, from, change)));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  #putOf(key: string, body: Part | Batch): ConditionalPut {
    return {
      TableName: this.table,
      Item: {
        jobId: { S: key },
        [STEP]: numeric(body.step),
        [BODY]: { S: JSON.stringify(body) },
        [TIME_TO_LIVE]: numeric(this.#purgeAt()),
      },
      ...(body.step === 1
        ? { ConditionExpression: "attribute_not_exists(jobId)" }
        : {
            ConditionExpression: "#step = :before",
            ExpressionAttributeNames: { "#step": STEP },
            ExpressionAttributeValues: { ":before": numeric(body.step - 1) },
          }),
    };
  }

  async #put(input: ConditionalPut): Promise<boolean> {
    try {
      await this.#client.send(new PutItemCommand(input));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async #get(jobId: string): Promise<AttributeMap | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.table, Key: { jobId: { S: jobId } }, ConsistentRead: true }),
    );
    return Item;
  }

  #purgeAt(): number {
    return Math.floor(this.#now() / 1000) + JOB_KEPT_SECONDS;
  }
}

/** A change of a job's row, on the condition that it is in a state; may be one write of a transaction. */
export function jobChange(TableName: string, jobId: string, from: JobState, change: JobChange) {
  const set = Object.entries(changedAttributes(change));
  return {
    TableName,
    Key: { jobId: { S: jobId } },
    UpdateExpression: `SET ${set.map((_, index) => `#set${index} = :set${index}`).join(", ")}`,
    ConditionExpression: "#state = :from",
    ExpressionAttributeNames: {
      "#state": JOB_ROW.state,
      ...Object.fromEntries(set.map(([name], index) => [`#set${index}`, name])),
    },
    ExpressionAttributeValues: {
      ":from": { S: from },
      ...Object.fromEntries(set.map(([, value], index) => [`:set${index}`, value as never])),
    },
  };
}

function bodyOf(row: AttributeMap): unknown {
  return JSON.parse(stringOf(row[BODY]) ?? "{}");
}

function partKey({ jobId, pass, part }: PartId): string {
  return `${jobId}#${pass}#${part}`;
}

function batchKey(id: BatchId): string {
  return `${partKey(id)}#${id.batch}`;
}

function numeric(value: number): { N: string } {
  return { N: String(value) };
}
