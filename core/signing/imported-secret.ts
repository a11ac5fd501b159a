/**
 * A secret of a merchant, such as one to sign with that it brought along, as it lies in its row: encrypted with KMS,
 * bound by the encryption context to
 * this purpose and this merchant, so that what is copied into another merchant's row opens nothing. Whoever imports one
 * needs to encrypt only; programs that sign or verify `v1` may decrypt only.
 */
import type { AttributeValue } from "../transaction/attribute-value.ts";

export const SECRET_PURPOSE = "signing-secret";
/** The same for secrets of a merchant's connection. What is sealed for one purpose opens for no other one. */
export const CONNECTION_PURPOSES = {
  clientKey: "client-key",
  clientSecret: "client-secret",
  secretHeaders: "secret-headers",
} as const;
export type SecretPurpose = typeof SECRET_PURPOSE | (typeof CONNECTION_PURPOSES)[keyof typeof CONNECTION_PURPOSES];
/** Also keeps out a secret in plain text, `whsec_…`. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What KMS is given beside the text, on either way. */
export function encryptionContext(
  merchantId: string,
  purpose: SecretPurpose = SECRET_PURPOSE,
): Readonly<Record<"merchantId" | "purpose", string>> {
  return { merchantId, purpose };
}

/** @returns undefined for anything but binary, or its base64 as text, that is not empty */
export function ciphertextOf(attribute: AttributeValue | undefined): Uint8Array | undefined {
  const { B: binary, S: text } = attribute ?? {};
  const base64 = typeof binary === "string" ? binary : text;
  if (base64 !== undefined) return BASE64.test(base64) ? Buffer.from(base64, "base64") : undefined;
  return binary instanceof Uint8Array && binary.length > 0 ? binary : undefined;
}
