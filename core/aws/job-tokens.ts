/**
 * Tokens of a job's rate, which all parts of it take from one item. They come evenly, one after the other, and are kept
 * for half a second at most: what follows a stall is no burst. The item says until when what was taken is paid for.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { TIME_TO_LIVE } from "../settings/names.ts";
import { type AttributeMap, numberOf } from "../transaction/attribute-value.ts";

const KEPT_MS = 500;
/** Milliseconds by which clocks may differ; an item that is further ahead was written by one that is wrong. */
const MAX_CLOCK_SKEW_MS = 10_000;
/** What is written is rounded to microseconds. */
const ROUNDING_MS = 0.01;
/** Tries, since others may be faster each time: none are taken then. */
const MAX_ROUNDS = 4;
const ITEM_KEPT_SECONDS = 90 * 86_400;

export interface JobTokensOptions {
  readonly client: Pick<DynamoDBClient, "send">;
  readonly table: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** @returns how many, from 0 to as many as were asked for */
export async function takeJobTokens(
  { client, table, now }: JobTokensOptions,
  jobId: string,
  asked: number,
  ratePerSecond: number,
): Promise<number> {
  const everyMs = 1000 / ratePerSecond;
  const at = now();
  const earliest = at - Math.max(everyMs, KEPT_MS);
  let count = Math.min(asked, left(earliest));
  for (let round = 0; round < MAX_ROUNDS && count > 0; round += 1) {
    const seen = await update("SET paidUntil = paidUntil + :more", "paidUntil BETWEEN :earliest AND :latest", {
      ":more": numeric(count * everyMs),
      ":earliest": numeric(earliest),
      ":latest": numeric(at - count * everyMs + ROUNDING_MS),
    });
    if (seen === undefined) return count;
    const paidUntil = numberOf(seen["paidUntil"]);
    if (paidUntil === undefined || paidUntil < earliest || paidUntil > at + MAX_CLOCK_SKEW_MS) {
      const lost = await update("SET paidUntil = :begun", beginning(paidUntil), {
        ":begun": numeric(earliest + count * everyMs),
        ...(paidUntil !== undefined && { ":seen": numeric(paidUntil) }),
      });
      if (lost === undefined) return count;
    } else count = Math.min(asked, left(paidUntil));
  }
  return 0;

  function left(paidUntil: number): number {
    return Math.max(0, Math.floor((at - paidUntil + ROUNDING_MS) / everyMs));
  }

  /** @returns the item as it is where the condition does not hold */
  async function update(UpdateExpression: string, ConditionExpression: string, values: AttributeMap) {
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { jobId: { S: `${jobId}#tokens` } },
          UpdateExpression: `${UpdateExpression}, ${TIME_TO_LIVE} = if_not_exists(${TIME_TO_LIVE}, :purgeAt)`,
          ConditionExpression,
          ExpressionAttributeValues: {
            ...values,
            ":purgeAt": numeric(Math.floor(at / 1000) + ITEM_KEPT_SECONDS),
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return (error.Item ?? {}) as AttributeMap;
      throw error;
    }
  }
}

function beginning(paidUntil: number | undefined): string {
  return paidUntil === undefined ? "attribute_not_exists(paidUntil)" : "paidUntil = :seen";
}

/** Whole microseconds, so that what is added up compares as it was written. */
function numeric(value: number): { N: string } {
  return { N: String(Math.round(value * 1000) / 1000) };
}
