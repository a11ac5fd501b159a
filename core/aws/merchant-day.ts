/**
 * Ids of a merchant's transactions from one partition of the merchant index, page by page, in the order of
 * `occurredAt`.
 */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { MERCHANT_INDEX } from "../settings/names.ts";

export interface MerchantDayPage {
  readonly transactionIds: readonly string[];
  /** Where the next page begins; missing at the end of the partition. */
  readonly next?: AttributeMap;
}

/** @param limit most ids to return */
export async function merchantDayPage(
  client: DynamoDBClient,
  tableName: string,
  merchantKey: string,
  limit: number,
  from: AttributeMap | undefined,
): Promise<MerchantDayPage> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: MERCHANT_INDEX,
      KeyConditionExpression: `${ATTRIBUTES.merchantKey} = :merchantKey`,
      ExpressionAttributeValues: { ":merchantKey": { S: merchantKey } },
      Limit: limit,
      ...(from !== undefined && { ExclusiveStartKey: from as never }),
    }),
  );
  return {
    transactionIds: Items.flatMap(({ transactionId }) => (transactionId?.S === undefined ? [] : [transactionId.S])),
    ...(LastEvaluatedKey !== undefined && { next: LastEvaluatedKey }),
  };
}
