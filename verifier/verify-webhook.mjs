/**
 * Verifies webhooks that are signed as Standard Webhooks say, `v1` (a shared secret) and `v1a` (a public key). One file
 * to copy into your program: it depends on nothing but WebCrypto and runs on Node 18 and later, Deno, Bun and edge
 * runtimes.
 *
 *   const { id } = await verifyWebhook({ headers, body, keys: "whsec_…" });
 *
 * `body` must be the bytes as they came in, before anything has parsed them. What cannot be trusted throws a
 * WebhookError with a `code`.
 *
 * A merchant that answers 202 and acknowledges later has `signAcknowledgement` for that.
 *
 * Before anything is delivered to an address it is challenged (`type` is "webhook.challenge"); `respondToChallenge` has
 * the body of the answer.
 */

const TOLERANCE_SECONDS = 300;
/** More than any sender makes; the rest of a header is not looked at. */
const MAX_SIGNATURES = 16;
const SECRET_PREFIX = "whsec_";
const PUBLIC_KEY_PREFIX = "whpk_";
const SECRET_BYTES_MIN = 24;
const PUBLIC_KEY_BYTES = 32;
const HMAC = { name: "HMAC", hash: "SHA-256" };
const ED25519 = { name: "Ed25519" };

// Node 18 has WebCrypto, but not as a global.
const { subtle } = globalThis.crypto ?? (await import("node:crypto")).webcrypto;

/** Why a webhook is not trusted, or could not be checked. */
export class WebhookError extends Error {
  /**
   * @param {string} code stays the same from release to release
   * @param {string} message for a person
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = "WebhookError";
    this.code = code;
  }
}

/**
 * @param {object} webhook
 * @param {Headers | Record<string, string | string[] | undefined>} webhook.headers names in any case
 * @param {string | Uint8Array | ArrayBuffer} webhook.body exactly as received
 * @param webhook.keys `whsec_…`, `whpk_…`, a JWK, a JWKS, a list of these, or what `keysFrom` returns
 * @param {number} [webhook.toleranceSeconds] how far `webhook-timestamp` may be from now, both ways; default 300
 * @param {number} [webhook.now] epoch milliseconds; default the clock
 * @returns {Promise<{ id: string, timestampSeconds: number, scheme: "v1" | "v1a" }>} deduplicate on `id`
 * @throws {WebhookError}
 */
export async function verifyWebhook({ headers, body, keys, toleranceSeconds = TOLERANCE_SECONDS, now = Date.now() }) {
  const id = header(headers, "webhook-id");
  const timestamp = header(headers, "webhook-timestamp");
  const signatures = signaturesOf(header(headers, "webhook-signature"));
  if (id.includes("."))
    throw new WebhookError("ID_INVALID", "webhook-id has a dot in it, which would make the signed text ambiguous.");
  const timestampSeconds = checkedTimestamp(timestamp, toleranceSeconds, now);
  const content = joined(new TextEncoder().encode(`${id}.${timestamp}.`), bytesOf(body));

  const given = typeof keys === "function" ? await keys({ again: false }) : keys;
  let scheme = await matching(signatures, await importKeys(given), content);
  if (scheme === undefined && typeof keys === "function") {
    // The sender may have rotated its keys.
    const again = await keys({ again: true });
    if (again !== given) scheme = await matching(signatures, await importKeys(again), content);
  }
  if (scheme === undefined)
    throw new WebhookError(
      "SIGNATURE_INVALID",
      "No signature in webhook-signature is right for this body, id and time.",
    );
  return { id, timestampSeconds, scheme };
}

/**
 * The answer to the challenge of your address: the HMAC-SHA256 of its nonce under your secret. It verifies the webhook
 * first, since whoever answers strangers signs for them.
 *
 * @param {object} webhook as `verifyWebhook` takes it; its `keys` may be those of `v1a`
 * @param {string | readonly string[]} webhook.secret your `whsec_…`, the newest first
 * @param {string | readonly string[]} [webhook.urls] your addresses. A challenge of another one is refused then:
 *   somebody has handed it on to you
 * @returns {Promise<string | undefined>} JSON to answer with 200; undefined for a webhook that is no challenge
 * @throws {WebhookError}
 */
export async function respondToChallenge({ secret, keys = secret, urls, ...webhook }) {
  await verifyWebhook({ ...webhook, keys });
  const text = typeof webhook.body === "string" ? webhook.body : new TextDecoder().decode(bytesOf(webhook.body));
  const { type, data } = JSON.parse(text);
  if (type !== "webhook.challenge") return undefined;
  // A nonce has no dot: the text that a webhook's signature is made of has two.
  if (typeof data?.challenge !== "string" || !/^[\w-]{16,128}$/.test(data.challenge))
    throw new WebhookError("CHALLENGE_INVALID", "The challenge is no nonce of letters, digits, _ and -.");
  if (urls !== undefined && ![urls].flat().some((url) => isSameUrl(url, data.url)))
    throw new WebhookError("CHALLENGE_INVALID", "The challenge is about an address that is none of yours.");
  return JSON.stringify({ challenge: await hmacOf(secret, data.challenge) });
}

/**
 * The request by which a merchant that answered 202 acknowledges a webhook: `POST` it to the address that you were
 * given, and make it anew each time that you send it, as it holds for five minutes.
 *
 * @param {object} webhook what it is for: `id` as `verifyWebhook` returned it, the rest as in `data` of its body
 * @param {string | readonly string[]} webhook.secret your `whsec_…`, the newest first
 * @param {number} [webhook.now] epoch milliseconds; default the clock
 * @returns {Promise<{ headers: Record<string, string>, body: string }>}
 * @throws {WebhookError}
 */
export async function signAcknowledgement({ id, merchantId, transactionId, version, secret, now = Date.now() }) {
  const body = JSON.stringify({ type: "webhook.acknowledgement", data: { merchantId, transactionId, version } });
  const timestamp = String(Math.floor(now / 1000));
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${await hmacOf(secret, `${id}.${timestamp}.${body}`)}`,
  };
  return { headers, body };
}

/** @param {string | readonly string[]} secret `whsec_…`, the newest first. @returns base64 */
async function hmacOf(secret, text) {
  const newest = ([secret].flat()[0] ?? "").trim();
  const bytes = newest.startsWith(SECRET_PREFIX) ? fromBase64(newest.slice(SECRET_PREFIX.length)) : undefined;
  if (bytes === undefined || bytes.length < SECRET_BYTES_MIN)
    throw new WebhookError("KEYS_INVALID", "Whoever answers signs with the secret, whsec_ and base64.");
  const key = await subtle.importKey("raw", bytes, HMAC, false, ["sign"]);
  const hmac = new Uint8Array(await subtle.sign(HMAC.name, key, new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...hmac));
}

/** @param {string} one @param {unknown} other */
function isSameUrl(one, other) {
  return (
    typeof other === "string" && URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href
  );
}

/**
 * The keys at an address, fetched when they are first needed, kept for a while, and fetched again when a signature fits
 * none of them, though no more often than every `againSeconds`: forged webhooks must not make you call the address each
 * time.
 *
 * @param {string | URL} url of a JSON Web Key Set
 * @param {{ keepSeconds?: number, againSeconds?: number, timeoutMs?: number, fetch?: typeof fetch, now?: () => number
 * }} [options]
 */
export function keysFrom(url, options = {}) {
  const { keepSeconds = 300, againSeconds = 30, timeoutMs = 5000, now = Date.now } = options;
  const get = options.fetch ?? globalThis.fetch;
  let kept;
  let fetchedAt = -Infinity;
  let askedAt = -Infinity;
  let asking;
  const ask = async () => {
    askedAt = now();
    try {
      const response = await get(url, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
      if (!response.ok) throw new Error(`the address answered ${response.status}`);
      const keySet = await response.json();
      await importKeys(keySet);
      kept = keySet;
      fetchedAt = now();
    } catch (cause) {
      // Keys that were good are better than none while the address is down.
      if (kept === undefined)
        throw new WebhookError("KEYS_UNAVAILABLE", `The keys at ${url} cannot be had: ${cause.message}`, { cause });
    }
  };
  const isPast = (at, seconds) => now() - at >= seconds * 1000;
  return async ({ again }) => {
    if (kept === undefined || (isPast(askedAt, againSeconds) && (again || isPast(fetchedAt, keepSeconds)))) {
      asking ??= ask().finally(() => (asking = undefined));
      await asking;
    }
    return kept;
  };
}

function header(headers, name) {
  let value;
  if (typeof headers?.get === "function") value = headers.get(name);
  else for (const key of Object.keys(headers ?? {})) if (key.toLowerCase() === name) value = headers[key];
  const text = Array.isArray(value) ? value.join(" ") : value;
  if (typeof text !== "string" || text === "")
    throw new WebhookError("HEADERS_MISSING", `The header ${name} is missing.`);
  return text;
}

function checkedTimestamp(text, toleranceSeconds, now) {
  if (!/^\d{1,12}$/.test(text))
    throw new WebhookError("TIMESTAMP_INVALID", "webhook-timestamp is not a Unix time in whole seconds.");
  const seconds = Number(text);
  const ageSeconds = Math.floor(now / 1000) - seconds;
  if (!(ageSeconds <= toleranceSeconds))
    throw new WebhookError("TIMESTAMP_TOO_OLD", `webhook-timestamp is ${ageSeconds} s old; it may be a replay.`);
  if (!(-ageSeconds <= toleranceSeconds))
    throw new WebhookError("TIMESTAMP_TOO_NEW", `webhook-timestamp is ${-ageSeconds} s ahead; look at your clock.`);
  return seconds;
}

function bytesOf(body) {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  throw new WebhookError(
    "BODY_NOT_RAW",
    "The body must be the text or bytes as received; it seems to be parsed already.",
  );
}

/** Of the schemes that are known; others may stand beside them. */
function signaturesOf(text) {
  const signatures = [];
  for (const one of text.split(" ", MAX_SIGNATURES)) {
    const comma = one.indexOf(",");
    const scheme = one.slice(0, comma);
    const bytes = scheme === "v1" || scheme === "v1a" ? fromBase64(one.slice(comma + 1)) : undefined;
    if (bytes !== undefined) signatures.push({ scheme, bytes });
  }
  return signatures;
}

/** WebCrypto compares in constant time, HMACs too. */
async function matching(signatures, keys, content) {
  const usable = signatures.filter(({ scheme }) => keys.some((key) => key.scheme === scheme));
  if (usable.length === 0) {
    const schemes = [...new Set(keys.map(({ scheme }) => scheme))].join(" and ");
    throw new WebhookError(
      "SIGNATURE_MISSING",
      `webhook-signature has no signature that your keys can check: ${schemes}.`,
    );
  }
  for (const { scheme, key } of keys)
    for (const signature of usable)
      if (signature.scheme === scheme && (await subtle.verify(key.algorithm.name, key, signature.bytes, content)))
        return scheme;
  return undefined;
}

async function importKeys(given) {
  const keys = [];
  for (const one of [given].flat(2)) {
    if (typeof one === "string") keys.push(await importText(one));
    else if (Array.isArray(one?.keys)) for (const jwk of one.keys) keys.push(...(await importJwk(jwk)));
    else keys.push(...(await importJwk(one)));
  }
  if (keys.length === 0)
    throw new WebhookError(
      "KEYS_INVALID",
      "There is no key to verify with; expected whsec_…, whpk_… or an ed25519 JWK.",
    );
  return keys;
}

async function importText(text) {
  const trimmed = text.trim();
  if (trimmed.startsWith(SECRET_PREFIX)) {
    const bytes = fromBase64(trimmed.slice(SECRET_PREFIX.length));
    if (bytes !== undefined && bytes.length >= SECRET_BYTES_MIN)
      return { scheme: "v1", key: await subtle.importKey("raw", bytes, HMAC, false, ["verify"]) };
  }
  if (trimmed.startsWith(PUBLIC_KEY_PREFIX)) {
    const bytes = fromBase64(trimmed.slice(PUBLIC_KEY_PREFIX.length));
    if (bytes?.length === PUBLIC_KEY_BYTES) return importEd25519(bytes);
  }
  throw new WebhookError("KEYS_INVALID", "A key is neither whsec_ nor whpk_ with base64 of the right length after it.");
}

/** A key of another kind is passed over: key sets may hold keys for other purposes. */
async function importJwk(jwk) {
  if (jwk?.kty !== "OKP" || jwk.crv !== "Ed25519" || (jwk.use ?? "sig") !== "sig") return [];
  const bytes = fromBase64(String(jwk.x).replaceAll("-", "+").replaceAll("_", "/"));
  if (bytes?.length !== PUBLIC_KEY_BYTES)
    throw new WebhookError("KEYS_INVALID", "An ed25519 key of the key set does not have 32 bytes.");
  return [await importEd25519(bytes)];
}

async function importEd25519(bytes) {
  return { scheme: "v1a", key: await subtle.importKey("raw", bytes, ED25519, false, ["verify"]) };
}

function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(head, tail) {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
