/** What the routes of secrets work with: rows of merchants, and the keys that are made of them. */
import type { AuditedWrites } from "../../core/aws/audited-writes.ts";
import type { MerchantRegistry } from "../../core/aws/merchant-registry.ts";
import { ApiError } from "../../core/api/api-error.ts";
import { existingMerchant } from "../../core/api/existing-merchant.ts";
import type { MerchantKeysView } from "../../core/api/secret-routes.ts";
import type { AddressGuard } from "../../core/delivery/address-guard.ts";
import { type Merchant, parseMerchant } from "../../core/merchant/merchant.ts";
import type { SecretPurpose } from "../../core/signing/imported-secret.ts";
import { merchantKeys, publicKeys, type SigningKey } from "../../core/signing/merchant-keys.ts";
import { type OpenSecret, withOpenSecrets } from "../../core/signing/open-secrets.ts";
import { KeyError, type MasterKeys } from "../../core/signing/signature.ts";
import type { SignatureScheme } from "../../core/signing/signing-attributes.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";

export interface KeyHolder {
  readonly registry: Pick<MerchantRegistry, "read" | "update">;
  readonly audited: Pick<AuditedWrites, "write">;
  readonly masterKeys: () => Promise<MasterKeys>;
  readonly openSecret: OpenSecret;
  /** To what KMS makes of it for this merchant and that purpose. @param secret such as `whsec_…` */
  readonly sealSecret: (merchantId: string, secret: string, purpose?: SecretPurpose) => Promise<Uint8Array>;
  /** Which addresses may be called, by those who call. */
  readonly guard: AddressGuard;
  readonly nowMs: () => number;
}

export interface FoundMerchant {
  readonly row: AttributeMap;
  readonly merchant: Merchant;
}

/** @throws ApiError for one that is not there, or whose row cannot be used */
export async function merchantToKey(holder: KeyHolder, merchantId: string): Promise<FoundMerchant> {
  const row = await existingMerchant(holder, merchantId);
  const parsed = parseMerchant(row);
  if ("merchant" in parsed) return { row, merchant: parsed.merchant };
  throw unusable(parsed.faults.join("; "));
}

/** @throws ApiError where keys cannot be made of what the row says */
export async function keysFor(
  { masterKeys, openSecret, nowMs }: KeyHolder,
  merchant: Merchant,
  scheme: SignatureScheme,
): Promise<readonly SigningKey[]> {
  const now = nowMs();
  try {
    const opened = scheme === "v1" ? await withOpenSecrets(merchant, now, openSecret) : merchant;
    return merchantKeys(await masterKeys(), opened, now, [scheme]);
  } catch (error) {
    if (error instanceof KeyError) throw unusable(error.message);
    throw error;
  }
}

/** Of a merchant as it is now, without its secret. */
export async function keysView(holder: KeyHolder, merchant: Merchant): Promise<MerchantKeysView> {
  const now = holder.nowMs();
  const keys = publicKeys(await keysFor(holder, merchant, "v1a"), now);
  const { merchantId, secret, encryptedSecret, secretKeyVersion, previousKey } = merchant;
  const isPreviousUsed = previousKey !== undefined && previousKey.until > now;
  return {
    merchantId,
    secret: secret === undefined && encryptedSecret === undefined ? "derived" : "imported",
    secretKeyVersion,
    ...(isPreviousUsed && { previousKeyUntil: new Date(previousKey.until).toISOString() }),
    keys: [...keys],
  };
}

function unusable(why: string): ApiError {
  return new ApiError(
    "API_MERCHANT_CONFLICT",
    `got a merchant whose row cannot be used (${why}), expected one that keys can be made of; have it mended.`,
  );
}
