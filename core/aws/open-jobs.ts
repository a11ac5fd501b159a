/**
 * Which jobs are open, in one item of the `Jobs` table, so that whoever looks after them reads that item alone. A job
 * is noted before it is at work; one that is over is forgotten by whoever finds it so.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { JOB_ROW } from "../jobs/job.ts";
import { numberOf } from "../transaction/attribute-value.ts";

/** No id of a job. */
const KEY = { [JOB_ROW.jobId]: { S: "#open" } };

export interface OpenJob {
  readonly jobId: string;
  /** Epoch milliseconds. */
  readonly notedAt: number;
}

export class OpenJobs {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** @param now epoch milliseconds */
  async note(jobId: string, now: number): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: KEY,
        UpdateExpression: "SET #job = :now",
        ExpressionAttributeNames: { "#job": jobId },
        ExpressionAttributeValues: { ":now": { N: String(now) } },
      }),
    );
  }

  async all(): Promise<OpenJob[]> {
    const { Item = {} } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key: KEY }));
    return Object.entries(Item).flatMap(([jobId, value]): OpenJob[] => {
      const notedAt = numberOf(value);
      return notedAt === undefined ? [] : [{ jobId, notedAt }];
    });
  }

  /** Not one that was noted again since. */
  async forget({ jobId, notedAt }: OpenJob): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: KEY,
          UpdateExpression: "REMOVE #job",
          ConditionExpression: "#job = :noted",
          ExpressionAttributeNames: { "#job": jobId },
          ExpressionAttributeValues: { ":noted": { N: String(notedAt) } },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
