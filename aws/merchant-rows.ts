/** Rows of a table that is keyed by merchant, in one batched, consistent read. */
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../core/attribute-value.ts";

/**
 * @param merchantIds at most 100, each once
 * @returns the rows that exist, and the ids that DynamoDB left unprocessed
 */
export async function readMerchantRows(
  client: DynamoDBClient,
  table: string,
  merchantIds: readonly string[],
): Promise<{ rows: Map<string, AttributeMap>; unread: Set<string> }> {
  const Keys = merchantIds.map((merchantId) => ({ merchantId: { S: merchantId } }));
  const output = await client.send(
    new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
  );
  const found = (output.Responses?.[table] ?? []) as AttributeMap[];
  const unread = output.UnprocessedKeys?.[table]?.Keys ?? [];
  return {
    rows: new Map(found.map((row) => [row["merchantId"]?.S ?? "", row])),
    unread: new Set(unread.map((key) => key["merchantId"]?.S ?? "")),
  };
}
