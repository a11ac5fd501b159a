/**
 * What a client asks the token endpoint for (RFC 6749, section 4.4), and what an issuer of one's own would decide: whom
 * the token is narrowed to, for how long it holds. On this machine whoever asks is believed.
 */
import { SCOPES } from "../../core/access/scopes.ts";

export interface TokenRequest {
  readonly clientId: string;
  readonly subject: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly merchantId?: string;
  /** Below zero for one that has expired already. */
  readonly lifetimeSeconds: number;
}

export interface TokenRefusal {
  /** Of RFC 6749, section 5.2. */
  readonly error: "invalid_grant" | "invalid_request" | "invalid_scope" | "unsupported_grant_type";
  readonly error_description: string;
}

const PARAMETERS = new Set([
  "grant_type",
  "client_id",
  "client_secret",
  "scope",
  "audience",
  "subject",
  "merchant_id",
  "lifetime",
]);
export const DEFAULT_LIFETIME_SECONDS = 3600;
const LONGEST_SECONDS = 30 * 86_400;
const CLIENT = "local";

/** @param audience of tokens that ask for none */
export function tokenRequest(form: URLSearchParams, audience: string): TokenRequest | TokenRefusal {
  const twice = [...new Set(form.keys())].find((name) => form.getAll(name).length > 1);
  if (twice !== undefined) return invalid(`${twice} is there twice; give it once`);
  const unknown = [...form.keys()].find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) return invalid(`there is no parameter ${unknown}; expected ${[...PARAMETERS].join(", ")}`);
  const grant = form.get("grant_type");
  if (grant !== "client_credentials") {
    const got = grant === null ? "none" : JSON.stringify(grant);
    return {
      error: "unsupported_grant_type",
      error_description: `got ${got}, expected client_credentials or authorization_code`,
    };
  }
  const scopes = form.get("scope")?.split(" ").filter(Boolean) ?? Object.keys(SCOPES);
  const strange = scopes.find((scope) => !Object.hasOwn(SCOPES, scope));
  if (strange !== undefined)
    return {
      error: "invalid_scope",
      error_description: `there is no scope ${strange}; expected some of ${Object.keys(SCOPES).join(", ")}`,
    };
  const lifetime = form.get("lifetime") ?? String(DEFAULT_LIFETIME_SECONDS);
  const lifetimeSeconds = /^-?\d{1,8}$/.test(lifetime) ? Number(lifetime) : Number.NaN;
  if (!(Math.abs(lifetimeSeconds) <= LONGEST_SECONDS))
    return invalid(`lifetime is ${JSON.stringify(lifetime)}; expected seconds, ${LONGEST_SECONDS} at most`);
  const merchantId = form.get("merchant_id");
  if (merchantId === "") return invalid("merchant_id is empty; leave it out for a token of no merchant");
  const clientId = form.get("client_id") || CLIENT;
  return {
    clientId,
    subject: form.get("subject") || clientId,
    audience: form.get("audience") || audience,
    scopes,
    ...(merchantId !== null && { merchantId }),
    lifetimeSeconds,
  };
}

function invalid(description: string): TokenRefusal {
  return { error: "invalid_request", error_description: description };
}
