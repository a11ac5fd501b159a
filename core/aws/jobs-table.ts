/** The `Jobs` table: calls that are put once, begun by one, and recorded once. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { JOB_ATTRIBUTES, type MerchantCallResult, resultAttributes } from "../jobs/merchant-call.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";

const { jobId: ID, state: STATE, startedAt: STARTED_AT, doneAt: DONE_AT } = JOB_ATTRIBUTES;
const NAMES = { "#state": STATE, "#startedAt": STARTED_AT };

export class JobsTable {
  readonly #client: DynamoDBClient;
  readonly name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.name = name;
  }

  async read(jobId: string): Promise<AttributeMap | undefined> {
    const Key = { [ID]: { S: jobId } };
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.name, Key, ConsistentRead: true }));
    return Item;
  }

  /**
   * Takes a queued job, unless somebody else has begun it since it was read.
   * @param seen when it was last begun, as it was read
   * @param now epoch milliseconds, under which it is recorded
   */
  begin(jobId: string, seen: number | undefined, now: number): Promise<boolean> {
    return this.#update({
      TableName: this.name,
      Key: { [ID]: { S: jobId } },
      UpdateExpression: "SET #startedAt = :now",
      ConditionExpression: `#state = :queued AND ${startedAs(seen)}`,
      ExpressionAttributeNames: NAMES,
      ExpressionAttributeValues: {
        ":now": { N: String(now) },
        ":queued": { S: "queued" },
        ...seenValue(seen),
      },
    });
  }

  /**
   * @param startedAt under which it was begun; undefined for one that nobody has begun
   * @param now epoch milliseconds
   * @returns false where it is recorded already, or somebody else has begun it since
   */
  record(jobId: string, startedAt: number | undefined, result: MerchantCallResult, now: number): Promise<boolean> {
    const set = Object.entries({
      ...resultAttributes(result),
      [STATE]: { S: "done" },
      [DONE_AT]: { N: String(now) },
    });
    return this.#update({
      TableName: this.name,
      Key: { [ID]: { S: jobId } },
      UpdateExpression: `SET ${set.map((_, index) => `#set${index} = :set${index}`).join(", ")}`,
      ConditionExpression: `#state = :queued AND ${startedAs(startedAt)}`,
      ExpressionAttributeNames: {
        ...NAMES,
        ...Object.fromEntries(set.map(([name], index) => [`#set${index}`, name])),
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(set.map(([, value], index) => [`:set${index}`, value as never])),
        ":queued": { S: "queued" },
        ...seenValue(startedAt),
      },
    });
  }

  async #update(input: UpdateItemCommandInput): Promise<boolean> {
    try {
      await this.#client.send(new UpdateItemCommand(input));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

function startedAs(seen: number | undefined): string {
  return seen === undefined ? "attribute_not_exists(#startedAt)" : "#startedAt = :seen";
}

function seenValue(seen: number | undefined) {
  return seen === undefined ? {} : { ":seen": { N: String(seen) } };
}
