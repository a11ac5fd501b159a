/**
 * What the log of an old system says that it confirmed, and that is not here: an item of `Jobs` for each merchant, so
 * that a cut-over's status can tell of it. No row may be made of it, as a row is owed a confirmation.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { TIME_TO_LIVE } from "../settings/names.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";

const ID_PREFIX = "unknown of ";
const UNKNOWN = "unknown";
/** Of a merchant: with the longest ids an item holds as many. */
const MOST = 300;
const KEPT_SECONDS = 90 * 86_400;

export interface UnknownOne {
  readonly transactionId: string;
  readonly version: number;
}

export interface UnknownOnes {
  readonly ones: readonly UnknownOne[];
  /** There were more than are kept. */
  readonly isMore: boolean;
}

export class UnknownElsewhere {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Noted twice it comes to the same.
   *
   * @param ones one at least
   * @param now epoch milliseconds
   */
  async note(merchantId: string, ones: readonly UnknownOne[], now: number): Promise<void> {
    const wanted = [...new Set(ones.map(({ transactionId, version }) => JSON.stringify([transactionId, version])))];
    const some = wanted.slice(0, MOST);
    const isKept = await this.#update(merchantId, now, {
      UpdateExpression: "SET #purgeAt = :purgeAt ADD #unknown :ones",
      ConditionExpression: "attribute_not_exists(#unknown) OR size(#unknown) <= :room",
      ExpressionAttributeNames: { "#unknown": UNKNOWN },
      ExpressionAttributeValues: { ":ones": { SS: some }, ":room": { N: String(MOST - some.length) } },
    });
    if (isKept && some.length === wanted.length) return;
    const kept = new Set((await this.#item(merchantId))?.[UNKNOWN]?.SS);
    if (wanted.every((text) => kept.has(text))) return;
    await this.#update(merchantId, now, {
      UpdateExpression: "SET #purgeAt = :purgeAt, isMore = :true",
      ExpressionAttributeValues: { ":true": { BOOL: true } },
    });
  }

  async of(merchantId: string): Promise<UnknownOnes> {
    const item = await this.#item(merchantId);
    const ones = (item?.[UNKNOWN]?.SS ?? []).map((text): UnknownOne => {
      const [transactionId = "", version = 0] = JSON.parse(text) as [string?, number?];
      return { transactionId, version };
    });
    return { ones, isMore: item?.["isMore"]?.BOOL === true };
  }

  /** @returns whether its condition held */
  async #update(merchantId: string, now: number, update: Partial<UpdateItemCommandInput>): Promise<boolean> {
    const purgeAt = { N: String(Math.floor(now / 1000) + KEPT_SECONDS) };
    try {
      await this.#client.send(
        new UpdateItemCommand({
          ...update,
          TableName: this.#table,
          Key: keyOf(merchantId),
          ExpressionAttributeNames: { "#purgeAt": TIME_TO_LIVE, ...update.ExpressionAttributeNames },
          ExpressionAttributeValues: { ":purgeAt": purgeAt, ...update.ExpressionAttributeValues },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async #item(merchantId: string): Promise<AttributeMap | undefined> {
    const asked = { TableName: this.#table, Key: keyOf(merchantId), ConsistentRead: true };
    return (await this.#client.send(new GetItemCommand(asked))).Item;
  }
}

function keyOf(merchantId: string) {
  return { jobId: { S: ID_PREFIX + merchantId } };
}
