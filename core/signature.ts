/**
 * Standard Webhooks signatures, scheme `v1`: HMAC-SHA256 over `id.timestamp.body`, and the secrets they are made with.
 *
 * A merchant's secret is derived, not stored: HKDF-SHA256 (RFC 5869) from a master key, with the merchant's salt and an `info` that
 * binds it to scheme, merchant and key version. A merchant that brings its own secret has it in its row.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Merchant } from "./merchant.ts";

const SECRET_PREFIX = "whsec_";
const DERIVED_SECRET_BYTES = 32;
/** The specification allows 24 to 64 bytes. */
const SECRET_BYTES = { min: 24, max: 64 };
/** How far a timestamp may be off before a receiver refuses it, as in the libraries of the specification. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

/** Key material by version. */
export type MasterKeys = ReadonlyMap<string, string>;

/** Something that has to do with keys cannot be used; messages never hold key material. */
export class KeyError extends Error {
  readonly code = "KEY_INVALID";
}

/** @param json an object of key material by version, `{"1":"…"}`, as it lies in Secrets Manager */
export function parseMasterKeys(json: string): MasterKeys {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new KeyError(
      'The master keys are not JSON. Expected {"1":"<key material>"}; check the secret in Secrets Manager.',
    );
  }
  const entries = typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : [];
  if (entries.length === 0 || entries.some(([, key]) => typeof key !== "string" || key.length < SECRET_BYTES.min)) {
    throw new KeyError(
      `The master keys must be an object of strings of at least ${SECRET_BYTES.min} characters by version; check the secret in Secrets Manager.`,
    );
  }
  return new Map(entries as [string, string][]);
}

/**
 * The secret that a merchant verifies with.
 *
 * @throws KeyError when the merchant names a key version that does not exist, or its own secret is not one
 */
export function merchantSecret(masterKeys: MasterKeys, merchant: Merchant): Buffer {
  if (merchant.secret !== undefined) return parseSecret(merchant.secret);
  const masterKey = masterKeys.get(merchant.secretKeyVersion);
  if (masterKey === undefined) {
    throw new KeyError(
      `Merchant ${merchant.merchantId} has secretKeyVersion ${merchant.secretKeyVersion}, expected one of ${[...masterKeys.keys()].join(", ")}.`,
    );
  }
  const salt = Buffer.from(merchant.secretSalt ?? "", "base64");
  const info = JSON.stringify(["confirmation-pipeline", "v1", merchant.merchantId, merchant.secretKeyVersion]);
  return Buffer.from(hkdfSync("sha256", masterKey, salt, info, DERIVED_SECRET_BYTES));
}

/** The form in which a secret is handed to a merchant: `whsec_` and base64. */
export function secretText(secret: Uint8Array): string {
  return SECRET_PREFIX + Buffer.from(secret).toString("base64");
}

export function parseSecret(text: string): Buffer {
  const secret = Buffer.from(text.startsWith(SECRET_PREFIX) ? text.slice(SECRET_PREFIX.length) : "", "base64");
  if (secret.length < SECRET_BYTES.min || secret.length > SECRET_BYTES.max) {
    throw new KeyError(
      `A secret must be whsec_ and base64 of ${SECRET_BYTES.min} to ${SECRET_BYTES.max} bytes, got ${secret.length} bytes.`,
    );
  }
  return secret;
}

/** Value of the `webhook-signature` header. @param timestampSeconds Unix time, the `webhook-timestamp` header */
export function sign(secret: Uint8Array, id: string, timestampSeconds: number, body: string): string {
  return `v1,${createHmac("sha256", secret).update(`${id}.${timestampSeconds}.${body}`).digest("base64")}`;
}

/** Whether one of the space-separated signatures in a header is right; unknown schemes are passed over. */
export function isSignedBy(
  secret: Uint8Array,
  id: string,
  timestampSeconds: number,
  body: string,
  header: string,
): boolean {
  const expected = Buffer.from(sign(secret, id, timestampSeconds, body));
  return header.split(" ").some((given) => {
    const bytes = Buffer.from(given);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}
