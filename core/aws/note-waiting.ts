/**
 * Notes anew that something waits for a merchant, where that note was lost, with the whole table of health rows
 * perhaps.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { waitingMerchantKey } from "../transaction/row/index-keys.ts";

/** @returns whether it was missing */
export async function noteWaiting(
  client: DynamoDBClient,
  healthTable: string,
  merchantId: string,
  now: number,
): Promise<boolean> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: healthTable,
        Key: { merchantId: { S: merchantId } },
        UpdateExpression: "SET waitingKey = :key, waitingAt = :now",
        ConditionExpression: "attribute_not_exists(waitingKey)",
        ExpressionAttributeValues: { ":key": { S: waitingMerchantKey(merchantId) }, ":now": { N: String(now) } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
