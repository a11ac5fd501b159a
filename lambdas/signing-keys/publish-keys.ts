/**
 * The public keys of a merchant as a JSON Web Key Set (RFC 7517): the one that signs, and after a rotation the one
 * before for as long as it signs too. Nothing else of a merchant is ever answered. The keys are published whether or
 * not the merchant chose `v1a`, so that it may trust them before it does.
 */
import type { MerchantLookup } from "../../core/aws/registered-merchants.ts";
import { publicKeys, type SigningKey } from "../../core/signing/merchant-keys.ts";

export interface KeysResponse {
  readonly status: 200 | 404 | 500;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Safe to log. */
  readonly reason?: string;
}

/** Codes of refusals, in `error.code` of the body. */
export const KEYS_REFUSAL_CODES = ["KEYS_MERCHANT_UNKNOWN", "KEYS_MERCHANT_UNUSABLE"] as const;

/** Far below the overlap of a rotation, in which a new key has to become known. */
const KEPT_SECONDS = 300;
/** As long as an id can be. */
const MAX_ID_BYTES = 1024;

/**
 * @param parameter the merchant id as it stands in the path: API Gateway leaves it percent-encoded, other servers
 * decode it
 */
export async function publishKeys(
  parameter: string,
  merchantOf: (merchantId: string) => Promise<MerchantLookup>,
  nowMs: number,
): Promise<KeysResponse> {
  for (const merchantId of new Set([parameter, decoded(parameter)])) {
    if (merchantId === "" || Buffer.byteLength(merchantId) > MAX_ID_BYTES) continue;
    const lookup = await merchantOf(merchantId);
    if (lookup.kind === "registered") return published(lookup.keys, nowMs);
    if (lookup.kind === "unusable") return { ...UNUSABLE, reason: lookup.reason };
  }
  return UNKNOWN;
}

function published(keys: readonly SigningKey[], nowMs: number): KeysResponse {
  const secondsLeft = keys.flatMap(({ until = Infinity }) => (until > nowMs ? Math.ceil((until - nowMs) / 1000) : []));
  const maxAge = Math.min(KEPT_SECONDS, ...secondsLeft);
  return {
    status: 200,
    headers: { "content-type": "application/jwk-set+json", "cache-control": `public, max-age=${maxAge}` },
    body: { keys: publicKeys(keys, nowMs) },
  };
}

function decoded(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
}

const UNKNOWN = refused(404, {
  code: "KEYS_MERCHANT_UNKNOWN",
  got: "a merchant that is not registered",
  expected: "/merchants/{merchantId}/jwks.json with the id of a merchant, percent-encoded",
  remedy: "Use the data.merchantId of a confirmation.",
});

const UNUSABLE = refused(500, {
  code: "KEYS_MERCHANT_UNUSABLE",
  got: "a merchant whose row cannot be used",
  expected: "a row of the Merchants table that keys can be derived from",
  remedy: "Have the operator correct the row; the log of this function says what is wrong with it.",
});

interface Refusal {
  readonly code: (typeof KEYS_REFUSAL_CODES)[number];
  readonly got: string;
  readonly expected: string;
  readonly remedy: string;
}

function refused(status: 404 | 500, error: Refusal): KeysResponse {
  return { status, headers: { "content-type": "application/json", "cache-control": "no-store" }, body: { error } };
}
