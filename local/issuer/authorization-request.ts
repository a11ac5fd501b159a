/**
 * What a browser's page asks the authorization endpoint for: the authorization code of RFC 6749, section 4.1, with PKCE
 * (RFC 7636) and nothing weaker. A code goes to this machine alone, whatever page made the link.
 */
import { SCOPES } from "../../core/access/scopes.ts";
import { LOOPBACK } from "../machine.ts";

export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** SHA-256 of the verifier, in base64url. */
  readonly codeChallenge: string;
  readonly state?: string;
  /** Of OpenID Connect, for the ID token. */
  readonly nonce?: string;
  /** Whether who is signed in is asked nevertheless (OpenID Connect Core, `prompt=login`). */
  readonly isAsked: boolean;
}

export interface AuthorizationRefusal {
  /** In a sentence, for the person at the browser: there is nowhere that it may be sent to. */
  readonly refused: string;
}

/** The scope that asks for an ID token (OpenID Connect Core, 3.1.2.1). */
export const OPENID = "openid";
const HOSTS = new Set([LOOPBACK, "localhost"]);
const ASKING = new Set(["login", "select_account"]);
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const KNOWN = new Set<string>([OPENID, ...Object.keys(SCOPES)]);

export function authorizationRequest(query: URLSearchParams): AuthorizationRequest | AuthorizationRefusal {
  const redirectUri = query.get("redirect_uri") ?? "";
  const target = URL.parse(redirectUri);
  if (target === null || !isOfThisMachine(target))
    return refusal(
      "redirect_uri",
      redirectUri,
      `an address of this machine, such as http://${LOOPBACK}:9329/signed-in`,
    );
  if (query.get("response_type") !== "code") return refusal("response_type", query.get("response_type"), "code");
  const clientId = query.get("client_id") ?? "";
  if (clientId === "") return refusal("client_id", clientId, "a name");
  const codeChallenge = query.get("code_challenge") ?? "";
  if (query.get("code_challenge_method") !== "S256" || !CHALLENGE.test(codeChallenge))
    return refusal("code_challenge", codeChallenge, "SHA-256 in base64url, with code_challenge_method=S256");
  const scopes = query.get("scope")?.split(" ").filter(Boolean) ?? Object.keys(SCOPES);
  const strange = scopes.find((scope) => !KNOWN.has(scope));
  if (strange !== undefined) return refusal("scope", strange, `some of ${[...KNOWN].join(", ")}`);
  const [state, nonce] = [query.get("state"), query.get("nonce")];
  return {
    clientId,
    redirectUri,
    scopes,
    codeChallenge,
    isAsked: (query.get("prompt") ?? "").split(" ").some((one) => ASKING.has(one)),
    ...(state !== null && { state }),
    ...(nonce !== null && { nonce }),
  };
}

/** Where a browser may be sent. */
export function isOfThisMachine({ protocol, hostname, hash }: URL): boolean {
  return protocol === "http:" && HOSTS.has(hostname) && hash === "";
}

function refusal(name: string, got: string | null, expected: string): AuthorizationRefusal {
  return { refused: `${name} is ${got === null ? "missing" : JSON.stringify(got)}; expected ${expected}.` };
}
