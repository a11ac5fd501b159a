/** What a restore found before it compared anything, as one item of the `Jobs` table. */
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { JOB_KEPT_SECONDS, JOB_ROW } from "../jobs/job.ts";
import type { Survey } from "../jobs/restore/spec.ts";
import { TIME_TO_LIVE } from "../settings/names.ts";

const BODY = "body";

export class SurveyStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #now: () => number;

  /** @param now epoch milliseconds */
  constructor(client: DynamoDBClient, table: string, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  async read(jobId: string): Promise<Survey | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(jobId), ConsistentRead: true }),
    );
    const text = Item?.[BODY]?.S;
    return text === undefined ? undefined : (JSON.parse(text) as Survey);
  }

  async write(jobId: string, survey: Survey): Promise<void> {
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table,
        Item: {
          ...keyOf(jobId),
          [BODY]: { S: JSON.stringify(survey) },
          [TIME_TO_LIVE]: { N: String(Math.floor(this.#now() / 1000) + JOB_KEPT_SECONDS) },
        },
      }),
    );
  }
}

function keyOf(jobId: string) {
  return { [JOB_ROW.jobId]: { S: `${jobId}#survey` } };
}
