/**
 * Whether headers that a merchant got belong to the body that was sent. The verifier is the one that merchants copy
 * into their programs; nothing here knows how a signature is made.
 */
import { verifyWebhook, WebhookError } from "../../../verifier/verify-webhook.mjs";
import type { Schemas } from "../api/api.ts";

export interface Received {
  /** As pasted: a header a line, `name: value`. */
  readonly headers: string;
  readonly body: string;
  readonly keys: Schemas["MerchantKeys"]["keys"];
  /** Of this transaction and version. */
  readonly webhookId: string;
  readonly nowMs: number;
}

export type Verdict =
  /** `ageMs` where a receiver would refuse it by now. */
  | { readonly kind: "right"; readonly ageMs?: number }
  | { readonly kind: "no public signature" }
  | { readonly kind: "other webhook" }
  | { readonly kind: "wrong"; readonly why: string };

const USUAL_AGE_MS = 300_000;

export async function verdictOn({ headers, body, keys, webhookId, nowMs }: Received): Promise<Verdict> {
  const given = headersIn(headers);
  if (given["webhook-id"] !== undefined && given["webhook-id"] !== webhookId) return { kind: "other webhook" };
  try {
    const { timestampSeconds } = await verifyWebhook({
      headers: given,
      body,
      keys,
      // Whoever asks here asks long after; how old it is is said besides.
      toleranceSeconds: Number.POSITIVE_INFINITY,
      now: nowMs,
    });
    const ageMs = nowMs - timestampSeconds * 1000;
    return { kind: "right", ...(ageMs > USUAL_AGE_MS && { ageMs }) };
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    return error.code === "SIGNATURE_MISSING" ? { kind: "no public signature" } : { kind: "wrong", why: error.message };
  }
}

/** Names in lower case, of an object of JSON or of lines. */
export function headersIn(text: string): Record<string, string> {
  return headersInJson(text) ?? headersInLines(text);
}

function headersInJson(text: string): Record<string, string> | undefined {
  try {
    const given = JSON.parse(text) as unknown;
    if (typeof given !== "object" || given === null) return undefined;
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
  } catch {
    return undefined;
  }
}

/** Lines that are no header are passed over, as whoever pastes has more than three. */
function headersInLines(text: string): Record<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^\s*"?([\w-]+)"?\s*[:=]\s*"?(.*?)"?,?\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const];
  });
  return Object.fromEntries(pairs);
}
