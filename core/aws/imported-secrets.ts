/**
 * Opens secrets of merchants, with KMS. What was opened is remembered for some minutes, by merchant and ciphertext, so
 * that KMS is asked once in a while for each merchant and not for each delivery.
 */
import { DecryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { LoadingCache } from "../cache/loading-cache.ts";
import { encryptionContext, SECRET_PURPOSE, type SecretPurpose } from "../signing/imported-secret.ts";
import type { OpenSecret } from "../signing/open-secrets.ts";
import { KeyError } from "../signing/signature.ts";

const KEPT_MS = 600_000;
const MAX_KEPT = 10_000;
/** KMS will say so however often it is asked; anything else may pass. */
const NEVER_OPENS = new Set(["InvalidCiphertextException", "IncorrectKeyException"]);

/** Merchant, ciphertext in base64, and what it was sealed for. */
type SealedSecret = readonly [string, string, SecretPurpose];

const NAMES: Readonly<Record<SecretPurpose, string>> = {
  "signing-secret": "The encryptedSecret",
  "client-key": "The key of the client certificate",
  "client-secret": "The client secret",
  "secret-headers": "The secret headers",
};

export interface ImportedSecretsOptions {
  readonly kms: KMSClient;
  /** The only key that is used, whatever a ciphertext names. */
  readonly keyArn: string;
  readonly nowMs: () => number;
}

export class ImportedSecrets {
  readonly #options: ImportedSecretsOptions;
  readonly #opened: LoadingCache<string>;

  constructor(options: ImportedSecretsOptions) {
    this.#options = options;
    this.#opened = new LoadingCache({
      load: (key) => this.#decrypt(JSON.parse(key) as SealedSecret),
      keep: () => true,
      maxAgeMs: KEPT_MS,
      most: MAX_KEPT,
      now: options.nowMs,
    });
  }

  /**
   * @throws KeyError when it can never be opened: not a ciphertext of this key, or another merchant's
   * @throws KMS's error when it cannot be opened now
   */
  readonly open: OpenSecret = (ciphertext, merchantId, purpose = SECRET_PURPOSE) =>
    this.#opened.get(JSON.stringify([merchantId, Buffer.from(ciphertext).toString("base64"), purpose]));

  async #decrypt([merchantId, ciphertext, purpose]: SealedSecret): Promise<string> {
    const { kms, keyArn } = this.#options;
    try {
      const { Plaintext: text = new Uint8Array() } = await kms.send(
        new DecryptCommand({
          KeyId: keyArn,
          CiphertextBlob: Buffer.from(ciphertext, "base64"),
          EncryptionContext: { ...encryptionContext(merchantId, purpose) },
        }),
      );
      return Buffer.from(text).toString("utf8");
    } catch (cause) {
      const { name } = cause as Error;
      if (!NEVER_OPENS.has(name)) throw cause;
      throw new KeyError(
        `${NAMES[purpose]} of merchant ${merchantId} cannot be opened (${name}); encrypt it again with ` +
          "this stack's key and this merchant's encryption context.",
        { cause, merchantId },
      );
    }
  }
}
