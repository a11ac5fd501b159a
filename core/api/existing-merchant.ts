/** The merchant that a path names: what was deleted, and what the pipeline keeps for itself, is not there. */
import { notFound } from "./api-error.ts";
import type { MerchantRegistry } from "../aws/merchant-registry.ts";
import { whyReserved } from "../merchant/reserved-ids.ts";
import { isDeleted } from "../merchant/tombstone.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { isId } from "../transaction/transaction.ts";

export interface RegistryParts {
  readonly registry: Pick<MerchantRegistry, "read">;
}

/** @throws ApiError API_NOT_FOUND */
export async function existingMerchant({ registry }: RegistryParts, merchantId: string): Promise<AttributeMap> {
  if (!isId(merchantId) || whyReserved(merchantId) !== undefined) throw notFound("merchant");
  const row = await registry.read(merchantId);
  if (row === undefined || isDeleted(row)) throw notFound("merchant");
  return row;
}
