/**
 * Checks a copy's signatures as its merchant would, with the file that merchants copy: `v1a` by the published keys, and
 * `v1` where its secret is given. How old it is is told apart: a copy may be looked at long after it was sent.
 */
import { keysFrom, type KeySource, verifyWebhook, WebhookError } from "../../../../verifier/verify-webhook.mjs";
import type { Copy, Signature } from "./handled-copy.ts";

export interface SignatureKeys {
  readonly published: KeySource;
  readonly secret: string | undefined;
}

/** The key set of a merchant is public: it takes no token. */
export function publishedKeys(apiUrl: string, merchantId: string, fetcher: typeof fetch): KeySource {
  return keysFrom(`${apiUrl}/merchants/${encodeURIComponent(merchantId)}/jwks.json`, { fetch: fetcher });
}

export async function checkSignature(
  { request: { headers, body } }: Copy,
  { published, secret }: SignatureKeys,
  nowMs: number,
): Promise<Signature> {
  const given = (headers["webhook-signature"] ?? "").split(" ").map((one) => one.split(",")[0] ?? "");
  const checks = [
    ["v1a", published],
    ["v1", secret],
  ] as const;
  const schemes: string[] = [];
  const faults: string[] = [];
  for (const [scheme, keys] of checks) {
    if (!given.includes(scheme) || keys === undefined) continue;
    try {
      await verifyWebhook({ headers, body, keys, toleranceSeconds: Number.POSITIVE_INFINITY, now: nowMs });
      schemes.push(scheme);
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      faults.push(`${scheme}: ${error.message.replace(/\.$/, "")} (${error.code})`);
    }
  }
  const why = faults.length > 0 ? faults.join("; ") : schemes.length > 0 ? undefined : nothingToCheck(given);
  const ageSeconds = Math.round(nowMs / 1000 - Number(headers["webhook-timestamp"]));
  return { verified: why === undefined, schemes, ...(why !== undefined && { why }), ageSeconds };
}

function nothingToCheck(given: readonly string[]): string {
  return given.includes("v1")
    ? "it is signed with v1 alone, which takes the secret: give --secret"
    : "it has no signature that can be checked";
}
