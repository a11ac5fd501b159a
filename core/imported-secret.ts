/**
 * A secret that a merchant brought along, as it lies in its row: encrypted with KMS, bound by the encryption context to this purpose and
 * this merchant, so that what is copied into another merchant's row opens nothing. Whoever imports one needs to encrypt only; programs
 * that sign or verify `v1` may decrypt only.
 */
import type { AttributeValue } from "./attribute-value.ts";
import type { Merchant } from "./merchant.ts";

export const SECRET_PURPOSE = "signing-secret";
/** Also keeps out a secret in plain text, `whsec_…`. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What KMS is given beside the text, on either way. */
export function encryptionContext(merchantId: string): Readonly<Record<"merchantId" | "purpose", string>> {
  return { merchantId, purpose: SECRET_PURPOSE };
}

/** @returns undefined for anything but binary, or its base64 as text, that is not empty */
export function ciphertextOf(attribute: AttributeValue | undefined): Uint8Array | undefined {
  const { B: binary, S: text } = attribute ?? {};
  const base64 = typeof binary === "string" ? binary : text;
  if (base64 !== undefined) return BASE64.test(base64) ? Buffer.from(base64, "base64") : undefined;
  return binary instanceof Uint8Array && binary.length > 0 ? binary : undefined;
}

/** Ciphertext and merchant to the text that was encrypted, `whsec_` and base64. */
export type OpenSecret = (ciphertext: Uint8Array, merchantId: string) => Promise<string>;

/** The ciphertexts that KMS has to open before a merchant's keys can be made: none for one whose keys come from the master key alone. */
export function secretsToOpen({ encryptedSecret, previousKey, signatures }: Merchant, now: number): Uint8Array[] {
  if (signatures !== undefined && !signatures.includes("v1")) return [];
  const previous = previousKey !== undefined && now < previousKey.until ? previousKey.encryptedSecret : undefined;
  return [encryptedSecret, previous].filter((ciphertext) => ciphertext !== undefined);
}

/**
 * The merchant with its secrets in plain text, for the moment in which its keys are made of them. One that signs no more is left out.
 *
 * @throws what `open` throws
 */
export async function withOpenSecrets(merchant: Merchant, now: number, open: OpenSecret): Promise<Merchant> {
  const { encryptedSecret, previousKey, ...rest } = merchant;
  const previous = previousKey !== undefined && now < previousKey.until ? previousKey : undefined;
  const { encryptedSecret: encryptedBefore, ...before } = previous ?? {};
  const opened = async (ciphertext: Uint8Array | undefined) =>
    ciphertext === undefined ? undefined : open(ciphertext, merchant.merchantId);
  const [secret, secretBefore] = await Promise.all([opened(encryptedSecret), opened(encryptedBefore)]);
  return {
    ...rest,
    ...(secret !== undefined && { secret }),
    ...(previous !== undefined && {
      previousKey: { until: previous.until, ...before, ...(secretBefore !== undefined && { secret: secretBefore }) },
    }),
  };
}
