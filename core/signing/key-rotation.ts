/**
 * A rotation of a merchant's keys, or the import of its own secret, as one conditional update of its row. A rotation:
 * new salt and newest master key, and the key before kept with the time until which it signs too. The condition names
 * the keys that were read, so of two rotations at once one is refused.
 */
import { type AttributeMap, type AttributeValue, stringOf } from "../transaction/attribute-value.ts";
import { ciphertextOf } from "./imported-secret.ts";
import type { Merchant } from "../merchant/merchant.ts";

export interface Rotation {
  /** Base64; random. */
  readonly salt: string;
  /** Version of the master key that the new keys are derived from. */
  readonly keyVersion: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds for which the key before signs too; 0 for none, as after a leak. */
  readonly overlapMs: number;
}

type Value = { readonly S: string } | { readonly N: string } | { readonly B: Uint8Array };

/** The expressions of an `UpdateItem`. */
export interface RotationUpdate {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues: Record<string, Value>;
}

const KEY_ATTRIBUTES = ["secret", "encryptedSecret", "secretSalt", "secretKeyVersion"] as const;
const PREVIOUS_ATTRIBUTES = [
  "previousSecret",
  "previousEncryptedSecret",
  "previousSecretSalt",
  "previousSecretKeyVersion",
  "previousSecretUntil",
] as const;

/** Until when a key signs beside the current one; undefined if none does. Rotating now would end it at once. */
export function overlapUntil({ previousKey }: Merchant, now: number): number | undefined {
  return previousKey !== undefined && now < previousKey.until ? previousKey.until : undefined;
}

/**
 * @param row as it was read, and found to be readable
 * @param merchant the same row, parsed
 */
export function rotationUpdate(row: AttributeMap, merchant: Merchant, rotation: Rotation): RotationUpdate {
  const { salt, keyVersion, now, overlapMs } = rotation;
  const { secret, encryptedSecret } = merchant;
  return conditionalUpdate(row, {
    secretSalt: { S: salt },
    secretKeyVersion: { S: keyVersion },
    ...(overlapMs > 0 && {
      previousSecretSalt: { S: merchant.secretSalt ?? "" },
      previousSecretKeyVersion: { S: merchant.secretKeyVersion },
      previousSecretUntil: untilOf(now, overlapMs),
      ...(secret !== undefined && { previousSecret: { S: secret } }),
      ...(encryptedSecret !== undefined && { previousEncryptedSecret: { B: encryptedSecret } }),
    }),
  });
}

export interface SecretImport extends Pick<Rotation, "now" | "overlapMs"> {
  /** What the merchant brought along, as KMS encrypted it. */
  readonly encryptedSecret: Uint8Array;
  /** The secret that lies in the row in plain text, encrypted: it does not stay there. */
  readonly encryptedBefore?: Uint8Array;
}

/**
 * The secret is replaced by the merchant's own; its ed25519 key stays. What it was before signs too for the time of the
 * overlap.
 */
export function importUpdate(row: AttributeMap, merchant: Merchant, imported: SecretImport): RotationUpdate {
  const { encryptedSecret, now, overlapMs } = imported;
  const before = merchant.encryptedSecret ?? imported.encryptedBefore;
  return conditionalUpdate(row, {
    encryptedSecret: { B: encryptedSecret },
    ...(overlapMs > 0 && {
      previousSecretUntil: untilOf(now, overlapMs),
      ...(before === undefined
        ? {
            previousSecretSalt: { S: merchant.secretSalt ?? "" },
            previousSecretKeyVersion: { S: merchant.secretKeyVersion },
          }
        : { previousEncryptedSecret: { B: before } }),
    }),
  });
}

function untilOf(now: number, overlapMs: number): Value {
  return { N: String(Math.ceil(now + overlapMs)) };
}

/** Sets these, removes what else there was of a secret and of a key before, and names the keys that were read. */
function conditionalUpdate(row: AttributeMap, set: Readonly<Record<string, Value>>): RotationUpdate {
  const remove = ["secret", "encryptedSecret", ...PREVIOUS_ATTRIBUTES].filter((name) => set[name] === undefined);
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(set)) values[`:${name}`] = value;
  const conditions = KEY_ATTRIBUTES.map((name) => {
    const read = keyValueOf(row[name]);
    if (read === undefined) return `attribute_not_exists(${name})`;
    values[`:read_${name}`] = read;
    return `${name} = :read_${name}`;
  });
  return {
    UpdateExpression: `SET ${Object.keys(set)
      .map((name) => `${name} = :${name}`)
      .join(", ")} REMOVE ${remove.join(", ")}`,
    ConditionExpression: ["attribute_exists(merchantId)", ...conditions].join(" AND "),
    ExpressionAttributeValues: values,
  };
}

function keyValueOf(attribute: AttributeValue | undefined): Value | undefined {
  const [text, binary] = [stringOf(attribute), ciphertextOf(attribute)];
  if (text !== undefined) return { S: text };
  return binary === undefined ? undefined : { B: binary };
}
