/**
 * What an issuer says of itself: where its keys are, and the keys. Each fetch is bounded in time and size and follows
 * no redirect. Metadata of OpenID Connect is asked for first, then that of OAuth 2 (RFC 8414), and must name the very
 * issuer that it was asked of (section 3.3).
 */
import { isJwk, type Jwk, type Jwks } from "aws-jwt-verify/jwk";
import { PipelineError } from "../../core/errors/pipeline-error.ts";

/** The issuer does not say what a token is to be verified with. A token's sender cannot help it. */
export class IssuerUnavailableError extends PipelineError {
  override readonly name = "IssuerUnavailableError";
  readonly code = "ISSUER_UNAVAILABLE";
}

export interface Fetching {
  readonly fetch: typeof fetch;
  /** Milliseconds that the invocation has left for calls. */
  readonly leftMs: () => number;
}

const ATTEMPT_MS = 2500;
/** Issuers have some keys of a few hundred bytes. */
const MAX_BYTES = 256 * 1024;
const NOT_FOUND = 404;

/** @throws IssuerUnavailableError */
export async function fetchKeys(issuer: string, fetching: Fetching): Promise<Jwks> {
  const metadata = await metadataOf(issuer, fetching);
  const { issuer: said, jwks_uri: keysUrl } = metadata;
  if (said !== issuer)
    throw unavailable(issuer, `its metadata names ${JSON.stringify(said)}; set api.issuer as its tokens name it`);
  if (typeof keysUrl !== "string" || !isAsSafe(keysUrl, issuer))
    throw unavailable(issuer, "its metadata has no jwks_uri with https");
  const keySet = await fetchJson(keysUrl, issuer, fetching);
  const keys = keySet?.["keys"];
  if (!Array.isArray(keys)) throw unavailable(issuer, "what jwks_uri leads to is no key set");
  // One key of a kind that we do not know must not cost the others.
  return { keys: keys.filter((key): key is Jwk => isJwk(key)) };
}

async function metadataOf(issuer: string, fetching: Fetching): Promise<Readonly<Record<string, unknown>>> {
  for (const url of metadataUrls(issuer)) {
    const metadata = await fetchJson(url, issuer, fetching);
    if (metadata !== undefined) return metadata;
  }
  throw unavailable(issuer, "it has no metadata, neither of OpenID Connect nor of OAuth 2");
}

/** OpenID Connect puts the well-known path behind the issuer's, RFC 8414 before it. */
export function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

/** @returns undefined where there is nothing at the address */
async function fetchJson(
  url: string,
  issuer: string,
  { fetch, leftMs }: Fetching,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const timeoutMs = Math.max(1, Math.floor(Math.min(ATTEMPT_MS, leftMs())));
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { redirect: "error", signal, headers: { accept: "application/json" } });
    if (response.status === NOT_FOUND) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw unavailable(issuer, `${url} answers ${response.status}`);
    }
    const value: unknown = JSON.parse(await boundedText(response));
    if (typeof value !== "object" || value === null) throw unavailable(issuer, `${url} is no JSON object`);
    return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if (cause instanceof IssuerUnavailableError) throw cause;
    throw unavailable(issuer, `${url} gave nothing to be used within ${timeoutMs} ms`, cause);
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new RangeError(`more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Keys that anyone on the way could change verify nothing; plain http is for an issuer that is itself on loopback. */
function isAsSafe(url: string, issuer: string): boolean {
  const protocol = URL.parse(url)?.protocol;
  return protocol === "https:" || (protocol === "http:" && new URL(issuer).protocol === "http:");
}

function unavailable(issuer: string, why: string, cause?: unknown): IssuerUnavailableError {
  return new IssuerUnavailableError(
    `The issuer ${issuer} does not say what tokens are to be verified with: ${why}. Requests with tokens that are ` +
      "not known yet are answered 503 until it does.",
    { cause, host: new URL(issuer).host },
  );
}
