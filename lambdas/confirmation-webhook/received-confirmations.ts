/**
 * Remembers which webhook-ids were received, so that a repeated delivery is told apart; forgotten again by time to
 * live.
 */
import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

/** Longer than a sender keeps trying. */
const KEPT_SECONDS = 14 * 86_400;

/** @returns true if the id was received before */
export function receivedConfirmations(
  client: DynamoDBClient,
  tableName: string,
): (webhookId: string, nowMs: number) => Promise<boolean> {
  const documents = DynamoDBDocumentClient.from(client);
  return async (webhookId, nowMs) => {
    try {
      await documents.send(
        new PutCommand({
          TableName: tableName,
          Item: { webhookId, purgeAt: Math.floor(nowMs / 1000) + KEPT_SECONDS },
          ConditionExpression: "attribute_not_exists(webhookId)",
        }),
      );
      return false;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return true;
      throw error;
    }
  };
}
