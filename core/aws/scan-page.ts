/**
 * One page of a parallel scan: of the whole table, where only rows that may need something are answered, or of the due
 * index.
 */
import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { DUE_INDEX } from "../settings/names.ts";

export type Scanned = "table" | "index";

export interface ScanPosition {
  readonly segment: number;
  readonly segments: number;
  /** Where the page before ended. */
  readonly from?: AttributeMap;
}

export interface ScanPage {
  /** Of the table: ids alone. Of the index: ids, `dueKey` and `dueAt`. */
  readonly entries: readonly AttributeMap[];
  /** Entries that were looked at; the filter does not make a scan cheaper. */
  readonly examined: number;
  readonly readUnits: number;
  /** Missing at the end of the segment. */
  readonly next?: AttributeMap;
}

const { confirmationState, stateVersion, dueKey, dueAt, merchantKey, failedKey, failure, purgeAt } = ATTRIBUTES;
const SETTLED = `(${confirmationState} IN (:confirmed, :failed) AND ${stateVersion} = version)`;

const FAILED = `(${confirmationState} = :failed AND ${stateVersion} = version)`;

/** Rows with both keys are in the index, and seen there. */
const NEEDS_A_LOOK = [
  `attribute_not_exists(${merchantKey})`,
  `(NOT ${SETTLED} AND (attribute_not_exists(${dueKey}) OR attribute_not_exists(${dueAt}) OR ` +
    `attribute_exists(${purgeAt})))`,
  `(${SETTLED} AND (attribute_exists(${dueKey}) OR attribute_exists(${dueAt})))`,
  `(${FAILED} AND attribute_exists(${failure}) AND attribute_not_exists(${failedKey}))`,
  `(NOT ${FAILED} AND attribute_exists(${failedKey}))`,
].join(" OR ");

const OF_TABLE = {
  FilterExpression: NEEDS_A_LOOK,
  ProjectionExpression: "transactionId",
  ExpressionAttributeValues: { ":confirmed": { S: "CONFIRMED" }, ":failed": { S: "FAILED" } },
};

/** Eventually consistent, at half the price: whatever it answers is read again before anything is done. */
export async function scanPage(
  client: DynamoDBClient,
  tableName: string,
  scanned: Scanned,
  { segment, segments, from }: ScanPosition,
): Promise<ScanPage> {
  const output = await client.send(
    new ScanCommand({
      TableName: tableName,
      Segment: segment,
      TotalSegments: segments,
      ReturnConsumedCapacity: "TOTAL",
      ...(scanned === "index" ? { IndexName: DUE_INDEX } : OF_TABLE),
      ...(from !== undefined && { ExclusiveStartKey: from as never }),
    }),
  );
  return {
    entries: output.Items ?? [],
    examined: output.ScannedCount ?? 0,
    readUnits: output.ConsumedCapacity?.CapacityUnits ?? 0,
    ...(output.LastEvaluatedKey !== undefined && { next: output.LastEvaluatedKey }),
  };
}
