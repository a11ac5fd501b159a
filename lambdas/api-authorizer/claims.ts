/**
 * What the claims of a verified token say, if they are those of an access token for this API. A claim that is there and
 * not as it must be refuses the token: a narrowing claim that cannot be read is not the same as none.
 */
import { type Identity, refused, type Refusal, type Verdict } from "./verdict.ts";

export interface Expected {
  readonly issuer: string;
  /** Any of these; empty for not looking at it. */
  readonly audience: readonly string[];
  readonly clientIds: readonly string[];
  readonly scopePrefix: string;
  readonly merchantClaim: string;
}

type Claims = Readonly<Record<string, unknown>>;

/** Characters of a scope (RFC 6749, section 3.3). */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
/**
 * Claims that ID tokens and logout tokens have and access tokens do not (OpenID Connect Core 2, Back-Channel Logout).
 */
const OF_OTHER_TOKENS = ["nonce", "at_hash", "c_hash", "s_hash", "events"];
/** How Keycloak names the kinds of its tokens, in a claim. */
const KEYCLOAK_ACCESS = "bearer";

export function identityOf(claims: Claims, expected: Expected): Verdict {
  const isOther = otherKind(claims);
  if (isOther !== undefined) return isOther;
  const { exp } = claims;
  if (typeof exp !== "number") return refused("The token never expires, which none may.");
  const client = clientOf(claims);
  const fault = audienceFault(claims, client, expected);
  if (fault !== undefined) return fault;
  const scopes = scopesOf(claims, expected.scopePrefix);
  if (scopes === undefined) return refused("The scopes of the token are neither text nor a list of texts.");
  const merchant = merchantOf(claims, expected.merchantClaim);
  if (merchant === undefined) return refused("The claim that narrows the token to a merchant cannot be used.");
  const subject = textOf(claims["sub"]) ?? client;
  if (subject === undefined) return refused("The token names neither a subject nor a client.");
  const identity: Identity = { subject, clientId: client ?? "", scopes, ...merchant, expiresAt: Math.floor(exp) };
  return { kind: "identified", identity };
}

function otherKind(claims: Claims): Refusal | undefined {
  const { token_use: use, typ, cnf } = claims;
  if (use !== undefined && use !== "access") return refused("The token is no access token; ID tokens are not taken.");
  if (typeof typ === "string" && typ.toLowerCase() !== KEYCLOAK_ACCESS)
    return refused("The token is no access token, by its own word.");
  if (OF_OTHER_TOKENS.some((claim) => claims[claim] !== undefined))
    return refused("The token is no access token; ID tokens are not taken.");
  // RFC 9449, section 7.2, and RFC 8705, section 3: it holds only with a proof that this API does not ask for.
  return cnf === undefined
    ? undefined
    : refused("The token is bound to a key of its holder, and came without a proof.");
}

function clientOf(claims: Claims): string | undefined {
  return textOf(claims["client_id"]) ?? textOf(claims["azp"]);
}

function audienceFault(claims: Claims, client: string | undefined, expected: Expected): Refusal | undefined {
  const { audience, clientIds } = expected;
  const named = [claims["aud"]].flat();
  if (audience.length > 0 && !named.some((name) => typeof name === "string" && audience.includes(name)))
    return refused("The token is not for this API: its audience is another one.");
  if (clientIds.length > 0 && (client === undefined || !clientIds.includes(client)))
    return refused("The token is of a client that this API takes no tokens of.");
  return undefined;
}

/** @returns undefined where they cannot be read */
function scopesOf(claims: Claims, prefix: string): readonly string[] | undefined {
  const given = claims["scope"] ?? claims["scp"] ?? "";
  const listed: readonly unknown[] =
    typeof given === "string" ? given.split(" ") : Array.isArray(given) ? given : [false];
  if (!listed.every((scope) => typeof scope === "string")) return undefined;
  const own = listed.filter((scope) => scope.startsWith(prefix)).map((scope) => scope.slice(prefix.length));
  return [...new Set(own)].filter((scope) => SCOPE.test(scope));
}

/** @returns undefined where the claim is there and no merchant's id */
function merchantOf(claims: Claims, name: string): { readonly merchantId?: string } | undefined {
  if (!Object.hasOwn(claims, name)) return {};
  const merchantId = textOf(claims[name]);
  return merchantId === undefined || merchantId.trim() !== merchantId ? undefined : { merchantId };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
