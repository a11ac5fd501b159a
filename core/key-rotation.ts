/**
 * A rotation of a merchant's keys as one conditional update of its row: new salt and newest master key, and the key before kept with the
 * time until which it signs too. The condition names the keys that were read, so of two rotations at once one is refused.
 */
import { type AttributeMap, stringOf } from "./attribute-value.ts";
import type { Merchant } from "./merchant.ts";

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

type Value = { readonly S: string } | { readonly N: string };

/** The expressions of an `UpdateItem`. */
export interface RotationUpdate {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues: Record<string, Value>;
}

const KEY_ATTRIBUTES = ["secret", "secretSalt", "secretKeyVersion"] as const;
const PREVIOUS_ATTRIBUTES = [
  "previousSecret",
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
  const set: Record<string, Value> = {
    secretSalt: { S: salt },
    secretKeyVersion: { S: keyVersion },
    ...(overlapMs > 0 && {
      previousSecretSalt: { S: merchant.secretSalt ?? "" },
      previousSecretKeyVersion: { S: merchant.secretKeyVersion },
      previousSecretUntil: { N: String(Math.ceil(now + overlapMs)) },
      ...(merchant.secret !== undefined && { previousSecret: { S: merchant.secret } }),
    }),
  };
  const remove = ["secret", ...PREVIOUS_ATTRIBUTES].filter((name) => set[name] === undefined);
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(set)) values[`:${name}`] = value;
  const conditions = KEY_ATTRIBUTES.map((name) => {
    const read = stringOf(row[name]);
    if (read === undefined) return `attribute_not_exists(${name})`;
    values[`:read_${name}`] = { S: read };
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
