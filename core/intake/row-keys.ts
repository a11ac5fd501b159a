/** The keys that a cooperative producer writes with a row: of the due index, for a lease, and of its merchant's. */
import type { RowKeySettings } from "../settings/row-key-settings.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";
import { orderedGroupIdOf } from "../transaction/ordering.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { dueKeyFor, merchantKeyFor, orderedKeyFor } from "../transaction/row/index-keys.ts";

/** @param content the producer's part, with `merchantId` and `occurredAt` as they were checked */
export function rowKeys(
  transactionId: string,
  content: AttributeMap,
  { dueShards, merchantShards, leaseMs }: RowKeySettings,
  nowMs: number,
): AttributeMap {
  const groupId = orderedGroupIdOf(content);
  const dueKey = groupId === undefined ? dueKeyFor(transactionId, dueShards) : orderedKeyFor(groupId, dueShards);
  const merchantId = stringOf(content["merchantId"]) ?? "";
  const occurredAt = stringOf(content["occurredAt"]) ?? "";
  return {
    [ATTRIBUTES.dueKey]: { S: dueKey },
    [ATTRIBUTES.dueAt]: { N: String(nowMs + leaseMs) },
    [ATTRIBUTES.merchantKey]: { S: merchantKeyFor(merchantId, occurredAt, transactionId, merchantShards) },
  };
}
