/**
 * Standard Webhooks signatures, scheme `v1a`: ed25519 (RFC 8032) over `id.timestamp.body`. Whoever can verify cannot
 * sign, so the public key may be published: as `whpk_` text, and as a JSON Web Key (RFC 8037) named by its thumbprint
 * (RFC 7638).
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { deriveKey, type KeySource, type MasterKeys, signedText } from "./signature.ts";

/** ASN.1 in front of a 32-byte seed that makes it a PKCS #8 key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_KEY_PREFIX = "whpk_";
const SCHEME_PREFIX = "v1a,";

/** A public key as it is published; there is no private member in it. */
export interface PublicJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  /** Base64url of the 32 bytes. */
  readonly x: string;
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "EdDSA";
}

/** @param seed 32 bytes, what RFC 8032 calls the private key */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
}

/** @throws KeyError when the source names a master key that does not exist */
export function merchantPrivateKey(masterKeys: MasterKeys, source: KeySource): KeyObject {
  return privateKeyOf(deriveKey(masterKeys, "v1a", source));
}

/** One signature of a `webhook-signature` header. */
export function signAsymmetric(privateKey: KeyObject, id: string, timestampSeconds: number, body: string): string {
  const signature = sign(null, Buffer.from(signedText(id, timestampSeconds, body)), privateKey);
  return SCHEME_PREFIX + signature.toString("base64");
}

/** @param key the private or the public one */
export function isSignedAsymmetrically(
  key: KeyObject,
  id: string,
  timestampSeconds: number,
  body: string,
  given: string,
): boolean {
  if (!given.startsWith(SCHEME_PREFIX)) return false;
  const signature = Buffer.from(given.slice(SCHEME_PREFIX.length), "base64");
  return verify(null, Buffer.from(signedText(id, timestampSeconds, body)), key, signature);
}

/** The form in which a public key is handed to a merchant: `whpk_` and base64. */
export function publicKeyText(privateKey: KeyObject): string {
  return PUBLIC_KEY_PREFIX + Buffer.from(publicJwk(privateKey).x, "base64url").toString("base64");
}

export function publicJwk(privateKey: KeyObject): PublicJwk {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return { kty: "OKP", crv: "Ed25519", x, kid: thumbprint(x), use: "sig", alg: "EdDSA" };
}

/** Of the members that make the key, in the order of their names and without blanks. */
function thumbprint(x: string): string {
  return createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url");
}
