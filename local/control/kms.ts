/**
 * KMS on this machine, as far as the pipeline uses it: Encrypt, Decrypt and GenerateDataKey with the template's keys,
 * AES-256-GCM, bound to the encryption context as in the cloud. Key material is made once and kept in the state
 * directory, for its owner's eyes only.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface KmsKey {
  readonly arn: string;
  /** `alias/<name>`. */
  readonly aliases: readonly string[];
  /** 32 bytes, base64. */
  readonly material: string;
}

export interface KmsResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

type Context = Readonly<Record<string, string>>;
type Request = Readonly<Record<string, unknown>>;

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MOST_PLAIN_BYTES = 4096;
const OWNER_ONLY = 0o600;

/** @param keys of the template */
export function keepKmsKeys(file: string, keys: readonly Omit<KmsKey, "material">[]): readonly KmsKey[] {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
  for (const { arn } of keys) kept[arn] ??= randomBytes(KEY_BYTES).toString("base64");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(kept, undefined, 1), { mode: OWNER_ONLY });
  return keys.map((key) => ({ ...key, material: kept[key.arn] ?? "" }));
}

/** @returns undefined for an operation that is none of these */
export function respondAsKms(operation: string, request: Request, keys: readonly KmsKey[]): KmsResponse | undefined {
  const context = (request["EncryptionContext"] ?? {}) as Context;
  if (operation === "Decrypt") return decrypted(request, context, keys);
  if (operation !== "Encrypt" && operation !== "GenerateDataKey") return undefined;
  const key = keyNamed(String(request["KeyId"]), keys);
  if (key === undefined) return refusal("NotFoundException", `Key ${String(request["KeyId"])} does not exist`);
  const isDataKey = operation === "GenerateDataKey";
  const plain = isDataKey ? randomBytes(KEY_BYTES) : Buffer.from(String(request["Plaintext"]), "base64");
  if (plain.length === 0 || plain.length > MOST_PLAIN_BYTES)
    return refusal("ValidationException", `Plaintext has ${plain.length} bytes, expected 1 to ${MOST_PLAIN_BYTES}`);
  const CiphertextBlob = encrypt(key, context, plain).toString("base64");
  const made = { CiphertextBlob, KeyId: key.arn };
  return {
    status: 200,
    body: isDataKey
      ? { ...made, Plaintext: plain.toString("base64") }
      : { ...made, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" },
  };
}

function decrypted(request: Request, context: Context, keys: readonly KmsKey[]): KmsResponse {
  const blob = Buffer.from(String(request["CiphertextBlob"]), "base64");
  const arn = blob.toString("latin1", 1, 1 + (blob[0] ?? 0));
  const key = keys.find((candidate) => candidate.arn === arn);
  if (key === undefined) return refusal("InvalidCiphertextException", "");
  const wanted = request["KeyId"] as string | undefined;
  if (wanted !== undefined && keyNamed(wanted, keys) !== key)
    return refusal("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this");
  try {
    const plain = decrypt(key, context, blob.subarray(1 + arn.length));
    return {
      status: 200,
      body: { KeyId: arn, Plaintext: plain.toString("base64"), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" },
    };
  } catch {
    return refusal("InvalidCiphertextException", "");
  }
}

/** Length and ARN of the key, then IV, tag and ciphertext. */
function encrypt({ arn, material }: KmsKey, context: Context, plain: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, Buffer.from(material, "base64"), iv).setAAD(boundTo(arn, context));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.from([arn.length]), Buffer.from(arn, "latin1"), iv, cipher.getAuthTag(), ciphertext]);
}

function decrypt({ arn, material }: KmsKey, context: Context, sealed: Buffer): Buffer {
  const iv = sealed.subarray(0, IV_BYTES);
  const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, Buffer.from(material, "base64"), iv, { authTagLength: TAG_BYTES })
    .setAAD(boundTo(arn, context))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}

/** The order of a context does not count. */
function boundTo(arn: string, context: Context): Buffer {
  const sorted = Object.entries(context).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(JSON.stringify([arn, sorted]));
}

function keyNamed(name: string, keys: readonly KmsKey[]): KmsKey | undefined {
  return keys.find(
    ({ arn, aliases }) =>
      arn === name ||
      arn.endsWith(`:key/${name}`) ||
      aliases.some((alias) => alias === name || name.endsWith(`:${alias}`)),
  );
}

function refusal(type: string, message: string): KmsResponse {
  return { status: 400, body: { __type: type, message } };
}
