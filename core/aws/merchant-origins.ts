/**
 * What came of a challenge, on its merchant's row: only of the one that was asked for last of an address, so that the
 * answer of an address that was changed meanwhile says nothing about the new one.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ORIGINS } from "../merchant/ownership.ts";
import { DELETED_AT } from "../merchant/tombstone.ts";

/** Of the challenge that the job asked for. */
export interface ChallengeResult {
  readonly merchantId: string;
  readonly origin: string;
  readonly jobId: string;
  /** Why it failed; undefined where it was answered. */
  readonly error: string | undefined;
}

const MAX_ERROR_CHARACTERS = 300;

export class MerchantOrigins {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * An address that was verified, or vouched for, and is asked once more without need stays what it is.
   *
   * @param now epoch milliseconds
   * @returns false where another challenge was asked for since
   */
  async record({ merchantId, origin, jobId, error }: ChallengeResult, now: number): Promise<boolean> {
    const isRight = error === undefined;
    const at = `${ORIGINS}.#origin`;
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { merchantId: { S: merchantId } },
          UpdateExpression: isRight
            ? `SET ${at}.#state = :state, ${at}.#at = :now REMOVE ${at}.#error, ${at}.#by`
            : `SET ${at}.#state = :state, ${at}.#at = :now, ${at}.#error = :error`,
          ConditionExpression:
            `attribute_not_exists(${DELETED_AT}) AND ${at}.jobId = :jobId` +
            (isRight ? "" : ` AND ${at}.#state IN (:challenged, :state)`),
          ExpressionAttributeNames: {
            "#origin": origin,
            "#state": "state",
            "#at": "at",
            "#error": "error",
            ...(isRight && { "#by": "by" }),
          },
          ExpressionAttributeValues: {
            ":state": { S: isRight ? "verified" : "failed" },
            ":now": { N: String(now) },
            ":jobId": { S: jobId },
            ...(!isRight && {
              ":error": { S: error.slice(0, MAX_ERROR_CHARACTERS) },
              ":challenged": { S: "challenged" },
            }),
          },
        }),
      );
      return true;
    } catch (failure) {
      if (failure instanceof ConditionalCheckFailedException) return false;
      throw failure;
    }
  }
}
