/**
 * A stream forgets after a day, and a machine may sleep longer. Rows that carry their index keys are found by
 * `release-due`; for those without, the table is looked through once when kept state is started again, and what is
 * pending goes to the mapping's function as inserts. One that comes twice, by the stream too, is told apart by its
 * generation.
 */
import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { insertEvent } from "./stream-event.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";

export interface RescueOptions {
  readonly dynamodb: DynamoDBClient;
  readonly tableName: string;
  readonly keyName: string;
  readonly streamArn: string;
  readonly batchSize: number;
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Takes the rows that were found, parked ones with them. */
  readonly found: (rows: readonly AttributeMap[]) => void;
  readonly signal: AbortSignal;
}

const FILTER =
  `${ATTRIBUTES.confirmationState} = :scheduled OR (attribute_not_exists(${ATTRIBUTES.dueKey}) AND ` +
  `(attribute_not_exists(${ATTRIBUTES.confirmationState}) OR ${ATTRIBUTES.stateVersion} <> version))`;

/** @returns how many rows were rescued */
export async function rescueForgotten(options: RescueOptions): Promise<number> {
  const { dynamodb, tableName, keyName, streamArn, batchSize, invoke, found, signal } = options;
  let rescued = 0;
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: tableName,
        FilterExpression: FILTER,
        ExpressionAttributeValues: { ":scheduled": { S: "SCHEDULED" } },
        ...(from !== undefined && { ExclusiveStartKey: from }),
      }),
    );
    const rows = (page.Items ?? []) as AttributeMap[];
    found(rows);
    const forgotten = rows.filter((row) => row[ATTRIBUTES.dueKey] === undefined);
    for (let index = 0; index < forgotten.length && !signal.aborted; index += batchSize) {
      const batch = forgotten.slice(index, index + batchSize);
      await invoke({ Records: batch.map((row) => insertEvent(row, { [keyName]: row[keyName] ?? {} }, streamArn)) });
      rescued += batch.length;
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined && !signal.aborted);
  return rescued;
}
