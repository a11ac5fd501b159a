/** One page of a parallel scan of a table, whole rows, read consistently. */
import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../transaction/attribute-value.ts";

export interface RowsPage {
  readonly rows: readonly AttributeMap[];
  /** Rows that were read for it, those of other merchants included. */
  readonly looked: number;
  /** Missing at the end of the segment. */
  readonly next?: AttributeMap;
}

export interface RowsPlace {
  readonly segment: number;
  readonly segments: number;
  /** Rows that are looked at, at most. */
  readonly limit: number;
  readonly merchantId?: string | undefined;
  /** Where the page before ended. */
  readonly from?: AttributeMap | undefined;
}

export async function scanRows(client: DynamoDBClient, TableName: string, place: RowsPlace): Promise<RowsPage> {
  const { segment, segments, limit, merchantId, from } = place;
  const {
    Items = [],
    ScannedCount: looked = Items.length,
    LastEvaluatedKey: next,
  } = await client.send(
    new ScanCommand({
      TableName,
      Segment: segment,
      TotalSegments: segments,
      Limit: limit,
      ConsistentRead: true,
      ...(merchantId !== undefined && {
        FilterExpression: "merchantId = :merchant",
        ExpressionAttributeValues: { ":merchant": { S: merchantId } },
      }),
      ...(from !== undefined && { ExclusiveStartKey: from as never }),
    }),
  );
  return { rows: Items, looked, ...(next !== undefined && { next }) };
}
