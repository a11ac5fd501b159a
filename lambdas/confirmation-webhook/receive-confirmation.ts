/**
 * The reference merchant: how a receiver of confirmations should go about it. First verify, then remember the
 * webhook-id, then answer 2xx; a repeated id is answered 2xx as well, since the sender only wants to know that it has
 * arrived. The challenge of its address it answers with what only its merchant can know.
 */
import { challengeResponses } from "../../core/delivery/challenge.ts";
import type { MerchantLookup } from "../../core/aws/registered-merchants.ts";
import { isTestMerchant } from "../../core/merchant/test-merchants.ts";
import { isSignedBy } from "../../core/signing/merchant-keys.ts";
import {
  challengeResponse,
  failedOnRequest,
  received,
  refused,
  type WebhookResponse,
  type Refusal,
} from "./response.ts";
import { readConfirmation, type ReceivedRequest } from "./confirmation.ts";
import { decide, parseMisbehaviour } from "./misbehaviour.ts";
import type { TakeSlowSlot } from "./slow-slots.ts";

export interface ReceiveDependencies {
  readonly merchantOf: (merchantId: string) => Promise<MerchantLookup>;
  /** Remembers an id; true if it was known. */
  readonly remember: (webhookId: string, nowMs: number) => Promise<boolean>;
  /** Takes a place for a response that is to be slow; false where all are held. */
  readonly takeSlowSlot: TakeSlowSlot;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** The response, and what it was for whoever logs and counts. Holds no personal data. */
export interface Reception {
  readonly kind: "received" | "duplicate" | "redelivered" | "rejected" | "failed on request" | "challenged";
  readonly answer: WebhookResponse;
  /** What is safe to log. */
  readonly facts: Readonly<{ webhookId?: string; merchantId?: string; code?: string; reason?: string }>;
}

export interface ConfirmationRequest extends ReceivedRequest {
  readonly query: Readonly<Record<string, string | undefined>> | null;
}

export async function receiveConfirmation(
  request: ConfirmationRequest,
  dependencies: ReceiveDependencies,
): Promise<Reception> {
  const { merchantOf, remember, takeSlowSlot, nowMs, random, sleep } = dependencies;
  const asked = parseMisbehaviour(request.query);
  if ("refusal" in asked) return rejected(asked.refusal);
  const read = readConfirmation(request, nowMs());
  if ("refusal" in read) return rejected(read.refusal);

  const { webhookId, timestampSeconds, signatures, body, merchantId, isRedelivery, challenge } = read.confirmation;
  const lookup = await merchantOf(merchantId);
  if (lookup.kind === "unknown") return rejected(UNKNOWN_MERCHANT);
  if (lookup.kind === "unusable") return rejected(UNUSABLE_MERCHANT, { merchantId, reason: lookup.reason });
  const content = { id: webhookId, timestampSeconds, body };
  if (!isSignedBy(lookup.keys, content, signatures, nowMs())) return rejected(WRONG_SIGNATURE);

  const facts = { webhookId, merchantId };
  if (challenge !== undefined) {
    // Only after its signature was checked: whoever answers strangers signs for them.
    const [answer] = challengeResponses(lookup.keys, challenge, nowMs());
    if (answer === undefined) return rejected(UNUSABLE_MERCHANT, { merchantId, reason: "no secret" });
    return { kind: "challenged", answer: challengeResponse(answer), facts };
  }
  // Whoever else has signed merchants must neither hold executions of the account nor be failed on a stranger's word.
  const { waitMs, failStatus } = isTestMerchant(merchantId) ? decide(asked.misbehaviour, random) : BEHAVES;
  if (waitMs > 0 && (await takeSlowSlot(waitMs, nowMs(), random()))) await sleep(waitMs);
  if (failStatus !== undefined) return { kind: "failed on request", answer: failedOnRequest(failStatus), facts };

  const isDuplicate = await remember(webhookId, nowMs());
  // Sent again since somebody asked for it: the same to whoever books it, and no duplicate of the sender's.
  const kind = !isDuplicate ? "received" : isRedelivery ? "redelivered" : "duplicate";
  return { kind, answer: received(isDuplicate), facts };
}

const BEHAVES: ReturnType<typeof decide> = { waitMs: 0 };

const WRONG_SIGNATURE: Refusal = {
  status: 401,
  code: "SIGNATURE_INVALID",
  got: "no webhook-signature that holds",
  expected: "v1 or v1a of `id.timestamp.body` with a key of this merchant, as in Standard Webhooks",
  remedy:
    "Sign the body exactly as it is sent, with the merchant's key, or with the one before while that is still valid.",
};

const UNKNOWN_MERCHANT: Refusal = {
  status: 401,
  code: "MERCHANT_UNKNOWN",
  got: "a data.merchantId that is not registered",
  expected: "a merchant that is in the Merchants table",
  remedy: "Register the merchant first.",
};

const UNUSABLE_MERCHANT: Refusal = {
  status: 401,
  code: "MERCHANT_UNUSABLE",
  got: "a merchant whose row cannot be used",
  expected: "a row of the Merchants table with a secret, or the salt and key version of one",
  remedy: "Correct its row; the log of this function says what is wrong with it.",
};

/** Nothing that a stranger wrote is logged. */
function rejected(refusal: Refusal, facts: Reception["facts"] = {}): Reception {
  return { kind: "rejected", answer: refused(refusal), facts: { code: refusal.code, ...facts } };
}
