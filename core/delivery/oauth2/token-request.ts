/**
 * The request for an access token with client credentials (RFC 6749, 4.4), and what came back. A token server is the
 * merchant's, and so hostile input: what it says is bounded, nothing that it says but a registered error code is told,
 * and a token is written into a header only if it is visible ASCII.
 */
import type { PostRequest, PostResponse } from "../post.ts";
import type { Destination } from "../destination.ts";
import type { OpenedOAuth2 } from "../opened-connection.ts";

export interface GrantedToken {
  readonly value: string;
  /** Milliseconds from when it was asked for. */
  readonly lifeMs: number;
}

export interface TokenRefusal {
  /** In the words of an operator. Holds nothing that the server chose. */
  readonly error: string;
}

/** Whoever says nothing about it means less than an hour; whoever says a year may have taken it back by then. */
const DEFAULT_LIFE_MS = 300_000;
const LONGEST_LIFE_MS = 3_600_000;
const MOST_CHARACTERS = 8192;
/** RFC 6749, A.12. */
const TOKEN = /^[\x21-\x7e]+$/;
/** RFC 6749, 5.2. */
const ERRORS: ReadonlySet<unknown> = new Set([
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
  "invalid_target",
]);
const SAME_HEADERS =
  "content-type: application/x-www-form-urlencoded\r\naccept: application/json\r\naccept-encoding: identity\r\n" +
  "user-agent: confirmation-pipeline/1\r\n";

export function tokenRequest(client: OpenedOAuth2, destination: Destination): PostRequest {
  const { clientId, clientSecret, authMethod, scope, audience } = client;
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scope !== undefined) form.set("scope", scope);
  if (audience !== undefined) form.set("audience", audience);
  if (authMethod === "client_secret_post") {
    form.set("client_id", clientId);
    form.set("client_secret", clientSecret);
    return { destination, headerLines: SAME_HEADERS, body: form.toString() };
  }
  const credentials = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString("base64");
  const headerLines = `${SAME_HEADERS}authorization: Basic ${credentials}\r\n`;
  return { destination, headerLines, body: form.toString() };
}

export function readTokenResponse({ status, body, isWhole }: PostResponse): GrantedToken | TokenRefusal {
  const said = isWhole ? objectIn(body) : undefined;
  if (status !== 200) {
    const code = said?.["error"];
    return refusal(ERRORS.has(code) ? `answered ${status}, ${String(code)}` : `answered ${status}`);
  }
  if (!isWhole) return refusal("answered with more than a token response may have");
  if (said === undefined) return refusal("answered with something that is no JSON object");
  const { access_token: token, token_type: type = "Bearer", expires_in: expiresIn } = said;
  if (typeof token !== "string" || token.length > MOST_CHARACTERS || !TOKEN.test(token))
    return refusal(`answered without an access_token of 1 to ${MOST_CHARACTERS} visible characters`);
  if (typeof type !== "string" || type.toLowerCase() !== "bearer")
    return refusal("answered with a token_type other than Bearer");
  const lifeMs = lifeOf(expiresIn);
  if (lifeMs <= 0) return refusal("answered with a token that has ended already");
  return { value: token, lifeMs };
}

/** A number of seconds, as some write it in a string. */
function lifeOf(expiresIn: unknown): number {
  if (expiresIn === undefined || expiresIn === null) return DEFAULT_LIFE_MS;
  const seconds = typeof expiresIn === "string" && expiresIn.trim() !== "" ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== "number" || Number.isNaN(seconds)) return DEFAULT_LIFE_MS;
  return Math.min(seconds * 1000, LONGEST_LIFE_MS);
}

function objectIn(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 6749, 2.3.1 and appendix B. */
function formEncoded(text: string): string {
  return new URLSearchParams({ _: text }).toString().slice(2);
}

function refusal(what: string): TokenRefusal {
  return { error: `the token server ${what}` };
}
