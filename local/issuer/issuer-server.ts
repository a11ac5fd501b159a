/**
 * The stack's own issuer of access tokens on loopback: metadata, keys, a token endpoint that believes whoever asks, as
 * everyone who can reach it may do everything here anyway, and a page where a browser signs in. Only who asks for this
 * very address gets a response: a name that somebody else's page resolves to loopback does not. A page of another
 * origin than this machine's may read none of it.
 */
import type { IncomingMessage } from "node:http";
import { serveLoopback } from "../serve-loopback.ts";
import { OPENID } from "./authorization-request.ts";
import { CODE_GRANT, codeExchange } from "./code-exchange.ts";
import { Codes, type Grant } from "./codes.ts";
import { issueIdToken, issueToken } from "./issue-token.ts";
import { type BrowserResponse, showSignIn, signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";
import { ALGORITHM, keepSigningKey, type SigningKey } from "./signing-key.ts";
import { DEFAULT_LIFETIME_SECONDS, tokenRequest } from "./token-request.ts";

export interface IssuerServer {
  /** `http://127.0.0.1:<port>`, which its tokens name. */
  readonly issuer: string;
  stop(): Promise<void>;
}

export interface IssuerOptions {
  readonly port: number;
  /** Audience of tokens that ask for none. */
  readonly audience: string;
  /** Where the key is kept. @default nowhere: tokens hold until it ends */
  readonly keyFile?: string;
  readonly nowMs?: () => number;
}

export const TOKEN_PATH = "/token";
const AUTHORIZATION_PATH = "/authorize";
/** Below the other, as the cookie of who is signed in is. */
const SIGN_OUT_PATH = "/authorize/sign-out";
const KEYS_PATH = "/jwks.json";
const METADATA_PATHS = new Set(["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]);
const MAX_FORM_BYTES = 16 * 1024;
const FORM = "application/x-www-form-urlencoded";
const HEADERS = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
/** Pages of this machine, such as the console's. */
const OWN_ORIGIN = /^http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?$/;

export async function startIssuer(options: IssuerOptions): Promise<IssuerServer> {
  const { port, audience, keyFile, nowMs = Date.now } = options;
  const key = await keepSigningKey(keyFile);
  const codes = new Codes(nowMs);
  let issuer = "";
  const { origin, stop } = await serveLoopback({
    port,
    part: "the issuer of access tokens",
    option: "--port-issuer",
    async respond(request, response) {
      const { status, headers, text } = await respondTo(request, { issuer, audience, key, codes, nowMs });
      response.writeHead(status, { ...headers, ...readableBy(request.headers.origin) }).end(text);
    },
  });
  issuer = origin;
  return { issuer, stop };
}

interface Issuing {
  readonly issuer: string;
  readonly audience: string;
  readonly key: SigningKey;
  readonly codes: Codes;
  readonly nowMs: () => number;
}

async function respondTo(request: IncomingMessage, issuing: Issuing): Promise<BrowserResponse> {
  const { issuer, key } = issuing;
  if (request.headers.host !== new URL(issuer).host)
    return json(421, { error: "misdirected", error_description: `this is ${issuer} and no other name` });
  const url = URL.parse(request.url ?? "/", issuer);
  if (url === null) return json(400, { error: "invalid_request", error_description: "the path is none" });
  const { pathname, searchParams } = url;
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && METADATA_PATHS.has(pathname)) return json(200, metadataOf(issuer));
  if (isRead && pathname === KEYS_PATH) return json(200, { keys: [key.publicJwk] });
  if (isRead && pathname === AUTHORIZATION_PATH) return showSignIn(searchParams, request.headers.cookie, issuing);
  if (isRead && pathname === SIGN_OUT_PATH) return signOut(searchParams);
  if (request.method !== "POST" || ![TOKEN_PATH, AUTHORIZATION_PATH].includes(pathname))
    return json(404, { error: "not_found", error_description: `POST ${TOKEN_PATH} gives out tokens` });
  if (!request.headers["content-type"]?.startsWith(FORM))
    return json(400, { error: "invalid_request", error_description: `expected a form, ${FORM}` });
  const form = await boundedForm(request);
  if (form === undefined) return json(413, { error: "invalid_request", error_description: "the form is too large" });
  if (pathname === AUTHORIZATION_PATH) return signIn(form, issuing);
  return form.get("grant_type") === CODE_GRANT ? tokenForCode(form, issuing) : token(form, issuing);
}

async function token(form: URLSearchParams, { issuer, audience, key, nowMs }: Issuing): Promise<BrowserResponse> {
  const request = tokenRequest(form, audience);
  if ("error" in request) return json(400, request);
  return json(200, {
    access_token: await issueToken(request, key, issuer, nowMs()),
    token_type: "Bearer",
    expires_in: request.lifetimeSeconds,
    scope: request.scopes.join(" "),
  });
}

async function tokenForCode(form: URLSearchParams, issuing: Issuing): Promise<BrowserResponse> {
  const grant = codeExchange(form, issuing.codes);
  if ("error" in grant) return json(400, grant);
  const { issuer, audience, key, nowMs } = issuing;
  const scopes = grant.scopes.filter((scope) => scope !== OPENID);
  const holds = { ...grant, scopes, audience, lifetimeSeconds: DEFAULT_LIFETIME_SECONDS };
  return json(200, {
    access_token: await issueToken(holds, key, issuer, nowMs()),
    token_type: "Bearer",
    expires_in: DEFAULT_LIFETIME_SECONDS,
    scope: grant.scopes.join(" "),
    ...(isIdentityWanted(grant) && { id_token: await issueIdToken(holds, key, issuer, nowMs()) }),
  });
}

function isIdentityWanted({ scopes }: Grant): boolean {
  return scopes.includes(OPENID);
}

function json(status: number, body: object): BrowserResponse {
  return { status, headers: HEADERS, text: JSON.stringify(body) };
}

function readableBy(origin: string | undefined): Readonly<Record<string, string>> {
  return {
    vary: "origin",
    ...(origin !== undefined && OWN_ORIGIN.test(origin) && { "access-control-allow-origin": origin }),
  };
}

async function boundedForm(incoming: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_FORM_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

function metadataOf(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}${AUTHORIZATION_PATH}`,
    token_endpoint: `${issuer}${TOKEN_PATH}`,
    end_session_endpoint: `${issuer}${SIGN_OUT_PATH}`,
    jwks_uri: `${issuer}${KEYS_PATH}`,
    grant_types_supported: ["client_credentials", CODE_GRANT],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [ALGORITHM],
    token_endpoint_auth_methods_supported: ["none"],
  };
}
