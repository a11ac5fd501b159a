/**
 * The signature of a manifest: a JSON Web Signature with ed25519 (RFC 7515, RFC 8037) that leaves what it signs
 * readable beside it (RFC 7797). The same key signs the merchant's webhooks, and neither signature can pass for the
 * other: this one is over `<header>.<json>`, a webhook's over `<id>.<digits>.<body>`, where the id has no dot and what
 * follows it here begins with a brace.
 */
import { createHash, type KeyObject, sign } from "node:crypto";
import { publicJwk } from "../signing/ed25519-key.ts";

const TYPE = "confirmation-manifest";

/** The manifest's file: the signed text on the first line, the signature on the second. @param privateKey ed25519 */
export function signedManifest(text: string, privateKey: KeyObject): string {
  const header = { alg: "EdDSA", typ: TYPE, b64: false, crit: ["b64"], kid: publicJwk(privateKey).kid };
  const encoded = Buffer.from(JSON.stringify(header)).toString("base64url");
  const signature = sign(null, Buffer.from(`${encoded}.${text}`), privateKey).toString("base64url");
  return `${text}\n${JSON.stringify({ jws: `${encoded}..${signature}` })}\n`;
}

/** Of a manifest's file, as the next manifest names it. */
export function manifestHash(file: string): string {
  return createHash("sha256").update(file).digest("hex");
}
