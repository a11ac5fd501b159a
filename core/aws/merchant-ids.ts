/** The registered merchants one after the other, each segment of the table for itself. */
import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";

/**
 * @param after the merchant before, undefined for the first one.
 * @returns undefined after the last one of the segment
 */
export async function nextMerchantId(
  client: DynamoDBClient,
  tableName: string,
  segment: { readonly segment: number; readonly segments: number },
  after: string | undefined,
): Promise<string | undefined> {
  const { Items } = await client.send(
    new ScanCommand({
      TableName: tableName,
      Segment: segment.segment,
      TotalSegments: segment.segments,
      ProjectionExpression: "merchantId",
      Limit: 1,
      ...(after !== undefined && { ExclusiveStartKey: { merchantId: { S: after } } }),
    }),
  );
  return Items?.[0]?.["merchantId"]?.S;
}
