/** Access tokens in the form of RFC 9068, and ID tokens of OpenID Connect Core, section 2. */
import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { ALGORITHM, type SigningKey } from "./signing-key.ts";
import type { TokenRequest } from "./token-request.ts";

/** @param issuer as its metadata names it */
export function issueToken(
  request: TokenRequest,
  { privateKey, publicJwk }: SigningKey,
  issuer: string,
  nowMs: number,
): Promise<string> {
  const issuedAt = Math.floor(nowMs / 1000);
  const { clientId, subject, audience, scopes, merchantId, lifetimeSeconds } = request;
  return new SignJWT({
    client_id: clientId,
    scope: scopes.join(" "),
    ...(merchantId !== undefined && { merchant_id: merchantId }),
  })
    .setProtectedHeader({ alg: ALGORITHM, typ: "at+jwt", kid: publicJwk.kid })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(Math.min(issuedAt, issuedAt + lifetimeSeconds))
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .setJti(randomUUID())
    .sign(privateKey);
}

export interface IdTokenRequest {
  readonly clientId: string;
  readonly subject: string;
  readonly nonce?: string;
  readonly lifetimeSeconds: number;
}

/** @param issuer as its metadata names it */
export function issueIdToken(
  { clientId, subject, nonce, lifetimeSeconds }: IdTokenRequest,
  { privateKey, publicJwk }: SigningKey,
  issuer: string,
  nowMs: number,
): Promise<string> {
  const issuedAt = Math.floor(nowMs / 1000);
  return new SignJWT({ ...(nonce !== undefined && { nonce }) })
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: publicJwk.kid })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(clientId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(privateKey);
}
