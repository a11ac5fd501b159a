/**
 * What a call sends, by its kind: a test event, which any 2xx answers, or a challenge, whose answer shows whether who
 * is there knows the merchant's secret.
 */
import { randomBytes } from "node:crypto";
import {
  RESPONSE_FORM,
  challengeResponses,
  challengeEvent,
  NONCE_BYTES,
  whyWrongResponse,
} from "../../delivery/challenge.ts";
import type { RecordedAttempt } from "../../delivery/recorded-attempt.ts";
import { testEvent } from "../../delivery/test-event.ts";
import type { Webhook } from "../../delivery/webhook.ts";
import { type MerchantCall, type MerchantCallResult, UNMADE, VERIFIED } from "../../jobs/merchant-call.ts";
import type { Merchant } from "../../merchant/merchant.ts";
import type { SigningKey } from "../../signing/merchant-keys.ts";
import { SIGNATURE_SCHEMES } from "../../signing/signing-attributes.ts";

export interface CallContent {
  readonly webhook: Webhook;
  /** What the response comes to. @param result of the attempt as one */
  readonly judged: (attempt: RecordedAttempt, result: MerchantCallResult) => MerchantCallResult;
}

/**
 * As a challenge finds a merchant: with keys of both schemes, since it is answered with the secret whatever webhooks
 * are signed with; and without tokens and secret headers, which an address would keep that is not the merchant's.
 */
export function asChallenged({ connection = {}, ...merchant }: Merchant): Merchant {
  const { oauth2: _token, secretHeaders: _headers, ...open } = connection;
  return {
    ...merchant,
    signatures: SIGNATURE_SCHEMES,
    ...(Object.keys(open).length > 0 && { connection: open }),
  };
}

/** @param keys of the merchant, of each scheme */
export function callContent(
  { jobId, kind, merchantId, url: asked }: MerchantCall,
  { connection, confirmationUrl }: Merchant,
  keys: readonly SigningKey[],
  now: number,
): CallContent {
  if (kind === "test")
    return {
      webhook: testEvent(jobId, merchantId, now, connection?.payloadVersion),
      judged: (_, result) => result,
    };
  const url = asked ?? confirmationUrl ?? "";
  const nonce = randomBytes(NONCE_BYTES).toString("base64url");
  return {
    webhook: challengeEvent(jobId, { merchantId, nonce, url }, now),
    judged: ({ outcome, body = Buffer.alloc(0) }, result) => {
      if (outcome.kind !== "delivered" || result.outcome === UNMADE.egressFault) return result;
      const why = whyWrongResponse(body, nonce, challengeResponses(keys, nonce, now));
      return why === undefined
        ? { ...result, outcome: VERIFIED }
        : { ...result, outcome: UNMADE.wrongResponse, error: `${why}; expected 2xx with ${RESPONSE_FORM}` };
    },
  };
}
