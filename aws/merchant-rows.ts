/** Rows of a table that is keyed by merchant, in one batched, consistent read. */
import {
  BatchGetItemCommand,
  type BatchGetItemInput,
  type BatchGetItemOutput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../core/attribute-value.ts";
import { bySdkAlone, type LeanCall } from "./lean/lean-call.ts";

/**
 * @param merchantIds at most 100, each once
 * @param call makes the call. @default the client itself
 * @returns the rows that exist, and the ids that DynamoDB left unprocessed
 */
export async function readMerchantRows(
  client: DynamoDBClient,
  table: string,
  merchantIds: readonly string[],
  call: LeanCall = bySdkAlone,
): Promise<{ rows: Map<string, AttributeMap>; unread: Set<string> }> {
  const Keys = merchantIds.map((merchantId) => ({ merchantId: { S: merchantId } }));
  const input: BatchGetItemInput = { RequestItems: { [table]: { Keys, ConsistentRead: true } } };
  const output = await call<BatchGetItemOutput>(
    "BatchGetItem",
    () => JSON.stringify(input),
    () => client.send(new BatchGetItemCommand(input)),
  );
  const found = (output.Responses?.[table] ?? []) as AttributeMap[];
  const unread = output.UnprocessedKeys?.[table]?.Keys ?? [];
  return {
    rows: new Map(found.map((row) => [row["merchantId"]?.S ?? "", row])),
    unread: new Set(unread.map((key) => key["merchantId"]?.S ?? "")),
  };
}
