/** The registered merchants one after the other, each segment of the table for itself. */
import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { environmentOf, LIVE_SINCE, liveSinceOf, type MerchantEnvironment } from "../merchant/merchant-environment.ts";
import { ID_START, idStartAttributes } from "../merchant/id-start.ts";
import { TEMPLATES_PREFIX } from "../channels/templates/template-item.ts";
import { DELETED_AT, isDeleted } from "../merchant/tombstone.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";

export interface NextMerchant {
  readonly merchantId: string;
  readonly environment: MerchantEnvironment;
  /** Epoch milliseconds at which it left the sandbox; undefined where it was never there. */
  readonly liveSince?: number;
  /** It should be found by the beginning of its id, and is not. */
  readonly isUnlisted?: true;
}

/** Templates lie in the same table, thousands in a row perhaps: more items are read at once where one was met. */
const MORE_EACH_TIME = 4;
const MOST_AT_ONCE = 1000;

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
  let from = after === undefined ? undefined : { merchantId: { S: after } };
  for (let limit = 1; ; limit = Math.min(MOST_AT_ONCE, limit * MORE_EACH_TIME)) {
    const { Items: [row] = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName: tableName,
        Segment: segment.segment,
        TotalSegments: segment.segments,
        ProjectionExpression: `merchantId, environment, ${LIVE_SINCE}, ${ID_START}, ${DELETED_AT}`,
        FilterExpression: "NOT begins_with(merchantId, :templates)",
        ExpressionAttributeValues: { ":templates": { S: TEMPLATES_PREFIX } },
        Limit: limit,
        ...(from !== undefined && { ExclusiveStartKey: from }),
      }),
    );
    const merchantId = stringOf(row?.["merchantId"]);
    if (row !== undefined && merchantId !== undefined) {
      const liveSince = liveSinceOf(row);
      return {
        merchantId,
        environment: environmentOf(row),
        ...(liveSince !== undefined && { liveSince }),
        ...(isUnlisted(merchantId, row) && { isUnlisted: true as const }),
      };
    }
    if (LastEvaluatedKey === undefined) return undefined;
    from = LastEvaluatedKey as typeof from;
  }
}

function isUnlisted(merchantId: string, row: AttributeMap): boolean {
  return row[ID_START] === undefined && !isDeleted(row) && idStartAttributes(merchantId)[ID_START] !== undefined;
}
