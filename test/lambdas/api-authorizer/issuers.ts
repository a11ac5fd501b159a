/** Issuers of access tokens as tests want them: on loopback, with keys and tokens of any kind. */
import { createServer } from "node:http";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function issuerKey(kid: string, alg = "ES256"): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

export interface TestIssuer extends AsyncDisposable {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  keys: JWK[];
  /** Answers by path, in the place of what an issuer answers. */
  readonly answers: Map<string, { readonly status: number; readonly body: string }>;
  /** The metadata's own, with these over them. */
  metadata: Record<string, unknown>;
}

/** @param path of the issuer, as those have that serve several tenants */
export async function testIssuer(keys: JWK[], path = ""): Promise<TestIssuer> {
  const asked: string[] = [];
  const answers: TestIssuer["answers"] = new Map();
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    const answer = answers.get(url) ?? answerOf(url);
    response.writeHead(answer.status, { "content-type": "application/json", location: `${issuer.url}/elsewhere` });
    response.end(answer.body);
  });
  const answerOf = (url: string) => {
    if (url === `${path}/.well-known/openid-configuration`)
      return {
        status: 200,
        body: JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, ...issuer.metadata }),
      };
    if (url === `${path}/keys`) return { status: 200, body: JSON.stringify({ keys: issuer.keys }) };
    return { status: 404, body: "{}" };
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const issuer: TestIssuer = {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}${path}`,
    asked,
    keys,
    answers,
    metadata: {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return issuer;
}

/** With undefined for one that a token is not to have. */
export type Claims = Readonly<Record<string, unknown>>;

export interface TokenOf {
  readonly issuer: string;
  readonly key: IssuerKey;
  readonly claims?: Claims;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** One that holds, with these claims and header parameters over its own; undefined leaves one out. */
export function tokenOf({ issuer, key, claims = {}, header = {} }: TokenOf): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    iss: issuer,
    sub: "erp",
    client_id: "erp",
    aud: "confirmations",
    scope: "transactions:read transactions:write",
    iat: now,
    exp: now + 600,
    ...claims,
  };
  const parameters = { alg: key.alg, typ: "at+jwt", kid: key.kid, ...header };
  return new SignJWT(withoutUndefined(all)).setProtectedHeader(withoutUndefined(parameters)).sign(key.privateKey);
}

function withoutUndefined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
