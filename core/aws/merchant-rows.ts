/** Rows of tables that are keyed by merchant, in one batched, consistent read. */
import {
  BatchGetItemCommand,
  type BatchGetItemInput,
  type BatchGetItemOutput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { bySdkAlone, type FastPathCall } from "./fast-path/fast-path-call.ts";

/** Keys that DynamoDB takes in one call, those of all tables together. */
export const MAX_MERCHANT_ROWS = 100;

/** Ids whose rows are wanted, by the name of the table. */
type WantedRows = Readonly<Record<string, readonly string[]>>;

export interface FoundRows {
  /** Those that exist, by merchant. */
  readonly rows: Map<string, AttributeMap>;
  /** Ids that DynamoDB left unprocessed. */
  readonly unread: Set<string>;
}

/**
 * @param wanted at most 100 ids in all, in each table each once
 * @param call makes the call. @default the client itself
 * @returns what was found in a table that rows were wanted of
 */
export async function readMerchantRows(
  client: DynamoDBClient,
  wanted: WantedRows,
  call: FastPathCall = bySdkAlone,
): Promise<(table: string) => FoundRows> {
  const RequestItems: NonNullable<BatchGetItemInput["RequestItems"]> = {};
  for (const [table, merchantIds] of Object.entries(wanted)) {
    const Keys = merchantIds.map((merchantId) => ({ merchantId: { S: merchantId } }));
    // One without keys is refused.
    if (Keys.length > 0) RequestItems[table] = { Keys, ConsistentRead: true };
  }
  const input: BatchGetItemInput = { RequestItems };
  const output = await call<BatchGetItemOutput>(
    "BatchGetItem",
    () => JSON.stringify(input),
    () => client.send(new BatchGetItemCommand(input)),
  );
  return (table) => {
    const found = (output.Responses?.[table] ?? []) as AttributeMap[];
    const unread = output.UnprocessedKeys?.[table]?.Keys ?? [];
    return {
      rows: new Map(found.map((row) => [row["merchantId"]?.S ?? "", row])),
      unread: new Set(unread.map((key) => key["merchantId"]?.S ?? "")),
    };
  };
}
