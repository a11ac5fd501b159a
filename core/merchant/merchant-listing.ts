/**
 * Where a row belongs in the merchant index: with the merchant that accepted it, else from what its producer wrote. Its
 * key there may be missing, or left from another version.
 */
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { acceptedOf } from "../transaction/accepted.ts";
import type { AttributeMap, AttributeValue } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import { isSameMerchantDay, merchantKeyFor } from "../transaction/row/index-keys.ts";
import { isId } from "../transaction/transaction.ts";

/** @returns undefined where there is nothing to make a key of. @param shards how many are written now */
export function merchantKeyOf(row: AttributeMap, shards: number): string | undefined {
  const accepted = acceptedOf(row);
  const merchantId = accepted?.merchantId ?? stringOf(row["merchantId"]);
  const occurredAt = accepted?.occurredAt ?? stringOf(row["occurredAt"]);
  if (merchantId === undefined || occurredAt === undefined) return undefined;
  if (!isId(merchantId) || Number.isNaN(Date.parse(occurredAt))) return undefined;
  return merchantKeyFor(merchantId, occurredAt, stringOf(row["transactionId"]) ?? "", shards);
}

/** Undefined where the row has a key, or nothing to make it of. */
export function missingMerchantKey(row: AttributeMap, shards: number): AttributeValue | undefined {
  const key = row[ATTRIBUTES.merchantKey] === undefined ? merchantKeyOf(row, shards) : undefined;
  return key === undefined ? undefined : { S: key };
}

/** Undefined where the row is listed with the merchant and day that it belongs to. */
export function rightMerchantKey(row: AttributeMap, shards: number): string | undefined {
  const key = merchantKeyOf(row, shards);
  if (key === undefined) return undefined;
  const listed = stringOf(row[ATTRIBUTES.merchantKey]);
  return listed !== undefined && isSameMerchantDay(listed, key) ? undefined : key;
}
