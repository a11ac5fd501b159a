/**
 * Standard Webhooks signatures, scheme `v1`: HMAC-SHA256 over `id.timestamp.body`, and the secrets they are made with.
 *
 * A merchant's keys are derived, not stored: HKDF-SHA256 (RFC 5869) from a master key, with the merchant's salt and an
 * `info` that binds each to scheme, merchant and key version. A merchant that brings its own secret has it in its row.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { type HmacKey, hkdf } from "./hmac.ts";
import type { Derivation, SignatureScheme } from "./signing-attributes.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

const SECRET_PREFIX = "whsec_";
/** The specification allows 24 to 64 bytes. */
const SECRET_BYTES = { min: 24, max: 64 };
/** How far a timestamp may be off before a receiver refuses it, as in the libraries of the specification. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

/** Key material by version. */
export type MasterKeys = ReadonlyMap<string, string>;

/** Something that has to do with keys cannot be used; messages never hold key material. */
export class KeyError extends PipelineError {
  override readonly name = "KeyError";
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
      `The master keys must be an object of strings of at least ${SECRET_BYTES.min} characters by ` +
        "version; check the secret in Secrets Manager.",
    );
  }
  return new Map(entries as [string, string][]);
}

/** What the keys of a merchant are derived from. */
export interface KeySource extends Derivation {
  readonly merchantId: string;
}

/** A secret that the merchant brought along. */
interface OwnSecret {
  readonly secret?: string;
  readonly encryptedSecret?: Uint8Array;
}

/** The version that was added last; new keys are derived from it. */
export function newestKeyVersion(masterKeys: MasterKeys): string {
  return [...masterKeys.keys()].at(-1) ?? "";
}

/**
 * Bytes of a key for one scheme, of which neither another scheme's nor another merchant's can be learnt.
 *
 * @throws KeyError when the source names a master key that does not exist
 */
export function deriveKey(masterKeys: MasterKeys, scheme: SignatureScheme, source: KeySource): Buffer {
  const { merchantId, secretKeyVersion } = source;
  const masterKey = masterKeys.get(secretKeyVersion);
  if (masterKey === undefined) {
    throw new KeyError(
      `Merchant ${merchantId} has secretKeyVersion ${secretKeyVersion}, expected one of ` +
        `${[...masterKeys.keys()].join(", ")}.`,
    );
  }
  const salt = Buffer.from(source.secretSalt ?? "", "base64");
  const info = JSON.stringify(["confirmation-pipeline", scheme, merchantId, secretKeyVersion]);
  return hkdf(masterKey, salt, info);
}

/**
 * The secret that a merchant verifies `v1` with: its own, if it brought one.
 *
 * @throws KeyError when the merchant names a key version that does not exist, or its own secret is not one, or not
 * decrypted
 */
export function merchantSecret(masterKeys: MasterKeys, merchant: KeySource & OwnSecret): Buffer {
  // Never a derived one in its place: the merchant could not verify it.
  if (merchant.encryptedSecret !== undefined)
    throw new KeyError(
      `The secret of merchant ${merchant.merchantId} is still encrypted; this program may not open it.`,
    );
  return merchant.secret === undefined ? deriveKey(masterKeys, "v1", merchant) : parseSecret(merchant.secret);
}

/** The form in which a secret is handed to a merchant: `whsec_` and base64. */
export function secretText(secret: Uint8Array): string {
  return SECRET_PREFIX + Buffer.from(secret).toString("base64");
}

export function parseSecret(text: string): Buffer {
  const secret = Buffer.from(text.startsWith(SECRET_PREFIX) ? text.slice(SECRET_PREFIX.length) : "", "base64");
  if (secret.length < SECRET_BYTES.min || secret.length > SECRET_BYTES.max) {
    throw new KeyError(
      `A secret must be whsec_ and base64 of ${SECRET_BYTES.min} to ${SECRET_BYTES.max} bytes, got ` +
        `${secret.length} bytes.`,
    );
  }
  return secret;
}

/** One signature of a `webhook-signature` header. @param timestampSeconds Unix time, the `webhook-timestamp` header */
export function sign(key: HmacKey, id: string, timestampSeconds: number, body: string): string {
  return `v1,${key.sign("base64", signedText(id, timestampSeconds, ""), body)}`;
}

/** What every scheme signs. */
export function signedText(id: string, timestampSeconds: number, body: string): string {
  return `${id}.${timestampSeconds}.${body}`;
}
