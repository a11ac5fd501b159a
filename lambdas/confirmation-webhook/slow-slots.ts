/**
 * Places for answers that are slow on request, over all executions together: each holds one execution of the account's
 * for seconds, and so many and no more may. A place is held until a time, so that none is lost with an execution that
 * ended.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

export const SLOW_SLOTS = 4;
/** Milliseconds beyond the wait until the response is away. */
const MARGIN_MS = 1000;
const PURGE_AFTER_SECONDS = 3600;

/** @returns false when the place that was drawn is held; never rejects, since whoever is in doubt does not wait */
export type TakeSlowSlot = (waitMs: number, nowMs: number, random: number) => Promise<boolean>;

export function slowSlots(client: DynamoDBClient, tableName: string): TakeSlowSlot {
  const documents = DynamoDBDocumentClient.from(client);
  return async (waitMs, nowMs, random) => {
    try {
      await documents.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            webhookId: `slow-slot#${Math.floor(random * SLOW_SLOTS) + 1}`,
            heldUntil: nowMs + waitMs + MARGIN_MS,
            purgeAt: Math.floor(nowMs / 1000) + PURGE_AFTER_SECONDS,
          },
          ConditionExpression: "attribute_not_exists(webhookId) OR heldUntil < :now",
          ExpressionAttributeValues: { ":now": nowMs },
        }),
      );
      return true;
    } catch {
      return false;
    }
  };
}
