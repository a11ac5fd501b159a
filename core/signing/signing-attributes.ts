/**
 * The attributes of a merchant's row that say how its webhooks are signed: with which schemes, and which key signed
 * before the current one and until when. A row in which a rotation is only half written is a fault, since its webhooks
 * could not be verified.
 */
import type { AttributeMap, AttributeValue } from "../transaction/attribute-value.ts";
import { numberOf, stringOf } from "../transaction/attribute-value.ts";
import { isBase64 } from "./base64.ts";
import { ciphertextOf } from "./imported-secret.ts";

/** Schemes of Standard Webhooks: HMAC-SHA256 with a shared secret, and ed25519 with a public key. */
export const SIGNATURE_SCHEMES = ["v1", "v1a"] as const;
export type SignatureScheme = (typeof SIGNATURE_SCHEMES)[number];

/** All that can be chosen, each once in memory: there are many merchants. */
const CHOICES: readonly (readonly SignatureScheme[])[] = [SIGNATURE_SCHEMES, ["v1"], ["v1a"]];

/** What a merchant's keys are derived from, beside a master key and its id. */
export interface Derivation {
  /** Version of the master key. */
  readonly secretKeyVersion: string;
  /** Base64; random for each merchant and rotation. @default no salt */
  readonly secretSalt?: string;
}

/** The key that was replaced by the last rotation. */
export interface PreviousKey {
  /** Epoch milliseconds; from then on it signs no more. */
  readonly until: number;
  /** A secret that the merchant had brought along, `whsec_` and base64. */
  readonly secret?: string;
  /** The same as KMS encrypted it. */
  readonly encryptedSecret?: Uint8Array;
  /** Without it only the secret was replaced, and the ed25519 key stayed. */
  readonly derivation?: Derivation;
}

export interface SigningAttributes {
  /** @default both */
  readonly signatures?: readonly SignatureScheme[];
  readonly previousKey?: PreviousKey;
}

const PREVIOUS = {
  secret: "previousSecret",
  encryptedSecret: "previousEncryptedSecret",
  salt: "previousSecretSalt",
  version: "previousSecretKeyVersion",
  until: "previousSecretUntil",
} as const;
/** Smaller ones are seconds, which would end the overlap in 1970 without a word. */
const EARLIEST_MS = 1_000_000_000_000;

/** @param faults gets what is wrong, without values: one may be a secret */
export function parseSigningAttributes(row: AttributeMap, faults: string[]): SigningAttributes {
  const signatures = schemesOf(row["signatures"], faults);
  const previousKey = previousKeyOf(row, faults);
  return { ...(signatures !== undefined && { signatures }), ...(previousKey !== undefined && { previousKey }) };
}

function schemesOf(attribute: AttributeValue | undefined, faults: string[]): readonly SignatureScheme[] | undefined {
  if (attribute === undefined) return undefined;
  const given = new Set<unknown>(attribute.SS ?? attribute.L?.map(stringOf));
  const schemes = CHOICES.find((choice) => choice.length === given.size && choice.every((scheme) => given.has(scheme)));
  if (schemes !== undefined) return schemes;
  faults.push(
    `signatures: expected a set (SS) or list (L) of ${SIGNATURE_SCHEMES.join(" and ")}, at least one of them`,
  );
  return undefined;
}

function previousKeyOf(row: AttributeMap, faults: string[]): PreviousKey | undefined {
  const present = Object.values(PREVIOUS).filter((name) => row[name] !== undefined);
  if (present.length === 0) return undefined;
  const secret = stringOf(row[PREVIOUS.secret]);
  // A key that was derived without a salt has an empty one here.
  const secretSalt = stringOf(row[PREVIOUS.salt]);
  const secretKeyVersion = stringOf(row[PREVIOUS.version]);
  const encryptedSecret = ciphertextOf(row[PREVIOUS.encryptedSecret]);
  const until = numberOf(row[PREVIOUS.until]);
  const found: string[] = [];
  for (const name of [PREVIOUS.secret, PREVIOUS.version])
    if (row[name] !== undefined && !stringOf(row[name])) found.push(`${name}: expected a string (S) that is not empty`);
  if (row[PREVIOUS.encryptedSecret] !== undefined && encryptedSecret === undefined)
    found.push(`${PREVIOUS.encryptedSecret}: expected binary (B) or base64 (S), as KMS encrypted it`);
  if (row[PREVIOUS.encryptedSecret] !== undefined && row[PREVIOUS.secret] !== undefined)
    found.push(`${PREVIOUS.secret}, ${PREVIOUS.encryptedSecret}: expected one of them`);
  if (row[PREVIOUS.salt] !== undefined && secretSalt === undefined)
    found.push(`${PREVIOUS.salt}: expected a string (S), empty for none`);
  if (secretSalt !== undefined && secretSalt !== "" && !isBase64(secretSalt))
    found.push(`${PREVIOUS.salt}: expected base64, or empty for none`);
  if (until === undefined || !Number.isSafeInteger(until) || until < EARLIEST_MS)
    found.push(`${PREVIOUS.until}: expected epoch milliseconds (N) with ${present.join(", ")}`);
  if ((row[PREVIOUS.salt] === undefined) !== (row[PREVIOUS.version] === undefined))
    found.push(`${PREVIOUS.salt}, ${PREVIOUS.version}: expected both or none, the rotation is only half written`);
  if (present.length === 1 && present[0] === PREVIOUS.until)
    found.push(
      `${PREVIOUS.until}: expected ${PREVIOUS.encryptedSecret}, ${PREVIOUS.secret}, or ${PREVIOUS.salt} ` +
        `and ${PREVIOUS.version}, with it`,
    );
  faults.push(...found);
  if (found.length > 0 || until === undefined) return undefined;
  return {
    until,
    ...(secret !== undefined && { secret }),
    ...(encryptedSecret !== undefined && { encryptedSecret }),
    ...(secretKeyVersion !== undefined && {
      derivation: { secretKeyVersion, ...(secretSalt !== undefined && { secretSalt }) },
    }),
  };
}
