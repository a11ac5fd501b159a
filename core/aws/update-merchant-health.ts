/** One conditional update of an item of the MerchantGates table: whoever loses is told what it lost to. */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeMap, AttributeValue } from "../transaction/attribute-value.ts";

export interface MerchantHealthUpdate {
  readonly update: string;
  readonly condition?: string;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

export const number = (value: number): AttributeValue => ({ N: String(value) });

/** @returns nothing when it was written; the row as it is when the condition did not hold */
export async function updateMerchantHealth(
  client: DynamoDBClient,
  table: string,
  merchantId: string,
  { update, condition, values }: MerchantHealthUpdate,
): Promise<AttributeMap | undefined> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { merchantId: { S: merchantId } },
        UpdateExpression: update,
        ...(condition !== undefined && {
          ConditionExpression: condition,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
        ...(values !== undefined && { ExpressionAttributeValues: values as never }),
      }),
    );
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error.Item ?? {};
    throw error;
  }
}
