/**
 * Whether a token holds: that it is an access token for this API, made by the issuer, now. What can be said without
 * keys is said first, so that no token of somebody else makes the issuer be asked. The keys are the issuer's alone:
 * whatever a token's header says of keys (`jku`, `jwk`, `x5u`, `x5c`) is not looked at.
 */
import { supportedSignatureAlgorithms } from "aws-jwt-verify/jwt-verifier";
import { JwtExpiredError, JwtNotBeforeError, KidNotFoundInJwksError } from "aws-jwt-verify/error";
import { decomposeUnverifiedJwt } from "aws-jwt-verify/jwt";
import { type Expected, identityOf } from "./claims.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import { refused, type Refusal, type Verdict } from "./verdict.ts";

const ALGORITHMS: ReadonlySet<string> = new Set(supportedSignatureAlgorithms);
/** Of access tokens (RFC 9068, section 2.1), and of issuers that name none but the general one. */
const ACCESS_TOKEN_TYPES: ReadonlySet<string> = new Set(["at+jwt", "application/at+jwt", "jwt"]);

/** @throws IssuerUnavailableError while there are no keys to verify with */
export async function judgeToken(token: string, keys: IssuerKeys, expected: Expected): Promise<Verdict> {
  const header = headerOf(token, expected.issuer);
  if ("kind" in header) return header;
  const verifier = await keys.verifierFor(header.keyId);
  try {
    return identityOf(verifier.verifySync(token), expected);
  } catch (error) {
    return refusalOf(error);
  }
}

function headerOf(token: string, issuer: string): { readonly keyId: string } | Refusal {
  let parts: ReturnType<typeof decomposeUnverifiedJwt>;
  try {
    parts = decomposeUnverifiedJwt(token);
  } catch {
    return refused("The token is no JWT; send the access token as the issuer gave it.");
  }
  const { header, payload } = parts;
  const { alg, kid, typ, crit } = header as Readonly<Record<string, unknown>>;
  if (typeof alg !== "string" || !ALGORITHMS.has(alg))
    return refused("The token is not signed by a key pair; RS256, ES256, EdDSA and their like are taken.");
  if (crit !== undefined) return refused("The token has critical header parameters, which are not known here.");
  if (typ !== undefined && (typeof typ !== "string" || !ACCESS_TOKEN_TYPES.has(typ.toLowerCase())))
    return refused("The token is of another type than an access token.");
  if (payload.iss !== issuer) return refused("The token is of another issuer than this API takes tokens of.");
  if (typeof kid !== "string" || kid === "") return refused("The token does not name the key that it is signed with.");
  return { keyId: kid };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof JwtExpiredError) return refused("The token has expired; get a new one from the issuer.");
  if (error instanceof JwtNotBeforeError) return refused("The token does not hold yet; look at your clock.", true);
  if (error instanceof KidNotFoundInJwksError) return refused("The issuer has no key of the name in the token.", true);
  return refused("The signature of the token does not fit.");
}
