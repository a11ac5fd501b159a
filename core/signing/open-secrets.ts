/**
 * Which secrets of a merchant KMS has to open, and the merchant with them opened, for the moment in which its keys are
 * made.
 */
import type { SecretPurpose } from "./imported-secret.ts";
import type { Merchant } from "../merchant/merchant.ts";

/**
 * Ciphertext and merchant to the text that was encrypted, such as `whsec_` and base64.
 * @param purpose that it was sealed for. @default to sign with
 */
export type OpenSecret = (ciphertext: Uint8Array, merchantId: string, purpose?: SecretPurpose) => Promise<string>;

/**
 * The ciphertexts that KMS has to open before a merchant's keys can be made: none for one whose keys come from the
 * master key alone.
 */
export function secretsToOpen({ encryptedSecret, previousKey, signatures }: Merchant, now: number): Uint8Array[] {
  if (signatures !== undefined && !signatures.includes("v1")) return [];
  const previous = previousKey !== undefined && now < previousKey.until ? previousKey.encryptedSecret : undefined;
  return [encryptedSecret, previous].filter((ciphertext) => ciphertext !== undefined);
}

/**
 * The merchant with its secrets in plain text, for the moment in which its keys are made of them. One that signs no
 * more is left out.
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
