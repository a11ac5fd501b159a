/**
 * Signing in by OpenID Connect: authorization code with PKCE, as a public client (RFC 9700, section 2.1). The token
 * stays in this module's caller, in memory: a page that is loaded anew signs in anew, which an issuer where one is
 * signed in grants without asking. What is kept over the way there and back is of no use without the code.
 */
import * as oauth from "oauth4webapi";
import type { ConsoleConfig } from "../config.ts";
import { SignInError } from "./sign-in-error.ts";
import { SIGNED_IN_PATH, SIGNED_OUT_PATH } from "../routing/routes.ts";

export interface AccessToken {
  readonly token: string;
  /** Epoch milliseconds; left out where the issuer does not say. */
  readonly expiresAt?: number;
  /** Where the issuer ends its own session and sends one back from, if it says so. */
  readonly signOutUrl?: string;
}

export interface SignedIn {
  readonly access: AccessToken;
  /** Path with its query, where one was before. */
  readonly returnTo: string;
}

/** What the way to the issuer and back needs of a browser. */
export interface SignInParts {
  readonly origin: string;
  /** As long as the tab lives. */
  readonly storage: {
    getItem(name: string): string | null;
    setItem(name: string, value: string): void;
    removeItem(name: string): void;
  };
  readonly nowMs: () => number;
}

interface Pending {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly returnTo: string;
}

const KEPT_AS = "console.signing-in";
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** @returns the issuer's address to go to. @throws SignInError for an issuer that is not there, or is no such issuer */
export async function beginSignIn(config: ConsoleConfig, returnTo: string, parts: SignInParts): Promise<URL> {
  const server = await discover(config);
  if (server.authorization_endpoint === undefined) throw new SignInError("no sign-in", config.issuer);
  const pending: Pending = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    returnTo: pathAlone(returnTo),
  };
  parts.storage.setItem(KEPT_AS, JSON.stringify(pending));
  const target = new URL(server.authorization_endpoint);
  const parameters = {
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: redirectUri(parts),
    scope: config.scopes.join(" "),
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: "S256",
    ...(config.audience !== undefined && { audience: config.audience }),
  };
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return target;
}

/** What begins with two slashes, to a browser, is the address of another host. */
function pathAlone(path: string): string {
  return path.replace(/^[/\\]*/, "/");
}

/** @param url that the issuer sent the browser back to. @throws Error for what it was not asked for here */
export async function completeSignIn(config: ConsoleConfig, url: URL, parts: SignInParts): Promise<SignedIn> {
  const pending = takePending(parts.storage);
  if (pending === undefined) throw new SignInError("not begun", config.issuer);
  try {
    return { access: await tokenFor(config, url, pending, parts), returnTo: pending.returnTo };
  } catch (error) {
    throw withWords(error);
  }
}

async function tokenFor(config: ConsoleConfig, url: URL, pending: Pending, parts: SignInParts): Promise<AccessToken> {
  const server = await discover(config);
  const client: oauth.Client = { client_id: config.clientId };
  const parameters = oauth.validateAuthResponse(server, client, url, pending.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(parts),
    pending.verifier,
    insecureOnLoopback(config),
  );
  const isIdentified = config.scopes.includes("openid");
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    ...(isIdentified && { expectedNonce: pending.nonce, requireIdToken: true }),
  });
  const { access_token: token, expires_in: holdsSeconds, id_token: idToken } = tokens;
  const signOutUrl = signOutUrlOf(server, config, idToken, parts);
  return {
    token,
    ...(holdsSeconds !== undefined && { expiresAt: parts.nowMs() + holdsSeconds * 1000 }),
    ...(signOutUrl !== undefined && { signOutUrl }),
  };
}

/** OpenID Connect RP-Initiated Logout, section 2; Cognito has a name of its own for where to go then. */
function signOutUrlOf(
  { end_session_endpoint: endpoint }: oauth.AuthorizationServer,
  { clientId }: ConsoleConfig,
  idToken: string | undefined,
  { origin }: Pick<SignInParts, "origin">,
): string | undefined {
  const url = endpoint === undefined ? null : URL.parse(endpoint);
  if (url === null) return undefined;
  const back = origin + SIGNED_OUT_PATH;
  const parameters = { client_id: clientId, post_logout_redirect_uri: back, logout_uri: back };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (idToken !== undefined) url.searchParams.set("id_token_hint", idToken);
  return url.href;
}

/** What the issuer itself says of a refusal, where it says anything. */
function withWords(error: unknown): Error {
  if (!(error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError))
    return error as Error;
  const words = [error.error, error.error_description].filter((said) => said !== undefined && said !== "");
  return new Error(words.join(": "), { cause: error });
}

async function discover(config: ConsoleConfig): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(config.issuer);
  const asked = oauth.discoveryRequest(issuer, { algorithm: "oidc", ...insecureOnLoopback(config) });
  // A fetch that came to nothing.
  const response = await asked.catch((error: unknown) => {
    throw error instanceof TypeError ? new SignInError("issuer unreachable", config.issuer, { cause: error }) : error;
  });
  return oauth.processDiscoveryResponse(issuer, response);
}

/** Http is for the issuer of this machine alone. */
function insecureOnLoopback({ issuer }: ConsoleConfig): { readonly [oauth.allowInsecureRequests]?: boolean } {
  const { protocol, hostname } = new URL(issuer);
  return protocol === "http:" && LOOPBACK.has(hostname) ? { [oauth.allowInsecureRequests]: true } : {};
}

function redirectUri({ origin }: Pick<SignInParts, "origin">): string {
  return origin + SIGNED_IN_PATH;
}

function takePending(storage: SignInParts["storage"]): Pending | undefined {
  const kept = storage.getItem(KEPT_AS);
  storage.removeItem(KEPT_AS);
  return kept === null ? undefined : (JSON.parse(kept) as Pending);
}
