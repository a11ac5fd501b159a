/** The registered merchants one after the other, each segment of the table for itself. */
import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { environmentOf, LIVE_SINCE, liveSinceOf, type MerchantEnvironment } from "../merchant/merchant-environment.ts";
import { TEMPLATES_PREFIX } from "../channels/templates/template-item.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";

export interface NextMerchant {
  readonly merchantId: string;
  readonly environment: MerchantEnvironment;
  /** Epoch milliseconds at which it left the sandbox; undefined where it was never there. */
  readonly liveSince?: number;
}

/**
 * @param after the merchant before, undefined for the first one.
 * @returns undefined after the last one of the segment
 */
export async function nextMerchant(
  client: DynamoDBClient,
  tableName: string,
  segment: { readonly segment: number; readonly segments: number },
  after: string | undefined,
): Promise<NextMerchant | undefined> {
  const row = await nextRow(client, tableName, segment, after);
  const merchantId = stringOf(row?.["merchantId"]);
  if (row === undefined || merchantId === undefined) return undefined;
  // Templates lie in the same table.
  if (merchantId.startsWith(TEMPLATES_PREFIX)) return nextMerchant(client, tableName, segment, merchantId);
  const liveSince = liveSinceOf(row);
  return { merchantId, environment: environmentOf(row), ...(liveSince !== undefined && { liveSince }) };
}

async function nextRow(
  client: DynamoDBClient,
  tableName: string,
  segment: { readonly segment: number; readonly segments: number },
  after: string | undefined,
): Promise<AttributeMap | undefined> {
  const { Items } = await client.send(
    new ScanCommand({
      TableName: tableName,
      Segment: segment.segment,
      TotalSegments: segment.segments,
      ProjectionExpression: `merchantId, environment, ${LIVE_SINCE}`,
      Limit: 1,
      ...(after !== undefined && { ExclusiveStartKey: { merchantId: { S: after } } }),
    }),
  );
  return Items?.[0];
}
