/**
 * The keys of a merchant, and the `webhook-signature` header that they make: newest key first, each scheme in turn.
 * After a rotation the key before signs too until its time is over, so that a merchant can change over without losing a
 * webhook; whether it is over is asked at each signature, as keys are kept for a while.
 */
import { type KeyObject, timingSafeEqual } from "node:crypto";
import {
  isSignedAsymmetrically,
  merchantPrivateKey,
  type PublicJwk,
  publicJwk,
  signAsymmetric,
} from "./ed25519-key.ts";
import { HmacKey } from "./hmac.ts";
import type { Merchant } from "../merchant/merchant.ts";
import { type MasterKeys, merchantSecret, sign } from "./signature.ts";
import { SIGNATURE_SCHEMES, type SignatureScheme } from "./signing-attributes.ts";

export type SigningKey = (
  | { readonly scheme: "v1"; readonly key: HmacKey }
  | { readonly scheme: "v1a"; readonly privateKey: KeyObject }
) & {
  /** Epoch milliseconds from which on it is of no use any more. @default never */
  readonly until?: number;
};

/** What is signed; `webhook-id`, `webhook-timestamp` and the body. */
export interface SignedContent {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

/** More signatures than any sender makes; the rest of a header is not looked at. */
const MAX_SIGNATURES = 16;

/**
 * Newest first. A previous key whose time is over is left out, so that its master key may go as well.
 *
 * @param schemes those that keys are wanted for
 * @throws KeyError when a key cannot be derived, or a secret is not one
 */
export function merchantKeys(
  masterKeys: MasterKeys,
  merchant: Merchant,
  now: number,
  schemes: readonly SignatureScheme[] = SIGNATURE_SCHEMES,
): readonly SigningKey[] {
  const current = schemes.map((scheme) => keyOf(masterKeys, scheme, merchant));
  const { merchantId, previousKey } = merchant;
  if (previousKey === undefined || now >= previousKey.until) return current;
  const { until, secret, encryptedSecret, derivation } = previousKey;
  const previous = schemes.flatMap((scheme): SigningKey[] => {
    if (scheme === "v1" && (secret ?? encryptedSecret) !== undefined)
      return [keyOf(masterKeys, scheme, ownerWith(merchant, { secret, encryptedSecret }))];
    return derivation === undefined ? [] : [keyOf(masterKeys, scheme, { merchantId, ...derivation })];
  });
  const replaced = previous.filter((key) => !current.some((other) => isSame(key, other)));
  return [...current, ...replaced.map((key) => ({ ...key, until }))];
}

/** Value of the `webhook-signature` header. */
export function signatureHeader(keys: readonly SigningKey[], content: SignedContent, now: number): string {
  let header = "";
  for (const key of keys)
    if (isUsable(key, now)) header += header === "" ? signWith(key, content) : ` ${signWith(key, content)}`;
  return header;
}

/** Whether one of the space-separated signatures in a header is right; unknown schemes are passed over. */
export function isSignedBy(keys: readonly SigningKey[], content: SignedContent, header: string, now: number): boolean {
  const signatures = header.split(" ", MAX_SIGNATURES);
  return usable(keys, now).some((key) => signatures.some((given) => isRight(key, content, given)));
}

/** The public halves, newest first. */
export function publicKeys(keys: readonly SigningKey[], now: number): readonly PublicJwk[] {
  return usable(keys, now).flatMap((key) => (key.scheme === "v1a" ? [publicJwk(key.privateKey)] : []));
}

function usable(keys: readonly SigningKey[], now: number): readonly SigningKey[] {
  return keys.filter((key) => isUsable(key, now));
}

function isUsable({ until }: SigningKey, now: number): boolean {
  return until === undefined || now < until;
}

function keyOf(masterKeys: MasterKeys, scheme: SignatureScheme, source: KeyOwner): SigningKey {
  return scheme === "v1"
    ? { scheme, key: new HmacKey(merchantSecret(masterKeys, source)) }
    : { scheme, privateKey: merchantPrivateKey(masterKeys, source) };
}

type KeyOwner = Pick<Merchant, "merchantId" | "secretKeyVersion" | "secretSalt" | "secret" | "encryptedSecret">;

function ownerWith(
  { merchantId, secretKeyVersion }: Merchant,
  { secret, encryptedSecret }: { secret: string | undefined; encryptedSecret: Uint8Array | undefined },
): KeyOwner {
  return {
    merchantId,
    secretKeyVersion,
    ...(secret !== undefined && { secret }),
    ...(encryptedSecret !== undefined && { encryptedSecret }),
  };
}

function isSame(one: SigningKey, other: SigningKey): boolean {
  if (one.scheme === "v1") return other.scheme === "v1" && one.key.secret.equals(other.key.secret);
  return other.scheme === "v1a" && one.privateKey.equals(other.privateKey);
}

function signWith(key: SigningKey, { id, timestampSeconds, body }: SignedContent): string {
  return key.scheme === "v1"
    ? sign(key.key, id, timestampSeconds, body)
    : signAsymmetric(key.privateKey, id, timestampSeconds, body);
}

function isRight(key: SigningKey, content: SignedContent, given: string): boolean {
  const { id, timestampSeconds, body } = content;
  if (key.scheme === "v1a") return isSignedAsymmetrically(key.privateKey, id, timestampSeconds, body, given);
  const [expected, bytes] = [Buffer.from(signWith(key, content)), Buffer.from(given)];
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
