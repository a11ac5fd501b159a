/**
 * The stack's own issuer of access tokens on loopback: metadata, keys, and a token endpoint that believes whoever asks,
 * as everyone who can reach it may do everything here anyway. Only who asks for this very address gets a response: a
 * name that somebody else's page resolves to loopback does not.
 */
import { createServer, type IncomingMessage } from "node:http";
import { LOOPBACK } from "../machine.ts";
import { portError } from "../processes/ports.ts";
import { issueToken } from "./issue-token.ts";
import { ALGORITHM, keepSigningKey, type SigningKey } from "./signing-key.ts";
import { tokenRequest } from "./token-request.ts";

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

interface Answer {
  readonly status: number;
  readonly body: object;
}

export const TOKEN_PATH = "/token";
const KEYS_PATH = "/jwks.json";
const METADATA_PATHS = new Set(["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]);
const MAX_FORM_BYTES = 16 * 1024;
const FORM = "application/x-www-form-urlencoded";
const HEADERS = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

export async function startIssuer(options: IssuerOptions): Promise<IssuerServer> {
  const { port, audience, keyFile, nowMs = Date.now } = options;
  const key = await keepSigningKey(keyFile);
  let issuer = "";
  const server = createServer((request, response) => {
    void answerTo(request, { issuer, audience, key, nowMs }).then(({ status, body }) => {
      response.writeHead(status, HEADERS).end(JSON.stringify(body));
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (cause) => reject(portError(cause, port, "the issuer of access tokens", "--port-issuer")));
  server.listen({ port, host: LOOPBACK }, resolve);
  await promise;
  const address = server.address();
  issuer = `http://${LOOPBACK}:${typeof address === "object" && address !== null ? address.port : port}`;
  return {
    issuer,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Issuing {
  readonly issuer: string;
  readonly audience: string;
  readonly key: SigningKey;
  readonly nowMs: () => number;
}

async function answerTo(request: IncomingMessage, issuing: Issuing): Promise<Answer> {
  const { issuer, key } = issuing;
  if (request.headers.host !== new URL(issuer).host)
    return { status: 421, body: { error: "misdirected", error_description: `this is ${issuer} and no other name` } };
  const { pathname } = new URL(request.url ?? "/", issuer);
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && METADATA_PATHS.has(pathname)) return { status: 200, body: metadataOf(issuer) };
  if (isRead && pathname === KEYS_PATH) return { status: 200, body: { keys: [key.publicJwk] } };
  if (request.method === "POST" && pathname === TOKEN_PATH) return token(request, issuing);
  return { status: 404, body: { error: "not_found", error_description: `POST ${TOKEN_PATH} gives out tokens` } };
}

async function token(incoming: IncomingMessage, { issuer, audience, key, nowMs }: Issuing): Promise<Answer> {
  if (!incoming.headers["content-type"]?.startsWith(FORM))
    return { status: 400, body: { error: "invalid_request", error_description: `expected a form, ${FORM}` } };
  const form = await boundedForm(incoming);
  if (form === undefined)
    return { status: 413, body: { error: "invalid_request", error_description: "the form is too large" } };
  const request = tokenRequest(form, audience);
  if ("error" in request) return { status: 400, body: request };
  return {
    status: 200,
    body: {
      access_token: await issueToken(request, key, issuer, nowMs()),
      token_type: "Bearer",
      expires_in: request.lifetimeSeconds,
      scope: request.scopes.join(" "),
    },
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
    token_endpoint: `${issuer}${TOKEN_PATH}`,
    jwks_uri: `${issuer}${KEYS_PATH}`,
    grant_types_supported: ["client_credentials"],
    response_types_supported: [],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [ALGORITHM],
    token_endpoint_auth_methods_supported: ["none"],
  };
}
