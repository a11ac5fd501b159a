/**
 * The challenge of an address: is it its merchant's? It gets a nonce, in a body that is signed as a delivery is, and
 * answers with the HMAC of it under the merchant's secret, as JSON. Whoever returns what came in has no secret.
 */
import { timingSafeEqual } from "node:crypto";
import type { SigningKey } from "../signing/merchant-keys.ts";
import { MOST_BYTES } from "./recorded-attempt.ts";
import { quoted } from "../transaction/json-text.ts";
import type { Webhook } from "./webhook.ts";

export const CHALLENGE_TYPE = "webhook.challenge";
/** Without a dot, so that no nonce is a text that a webhook's signature is made of. */
export const NONCE_BYTES = 32;
export const RESPONSE_FORM =
  '{"challenge":"<base64 of the HMAC-SHA256 of data.challenge under the merchant\'s secret>"}';

/** What is asked. */
export interface Challenge {
  readonly merchantId: string;
  /** base64url. */
  readonly nonce: string;
  /** Which address it is about: who hands it on to the merchant's own address cannot change what is signed. */
  readonly url: string;
}

/** @param id its `webhook-id`. @param now epoch milliseconds */
export function challengeEvent(id: string, { merchantId, nonce, url }: Challenge, now: number): Webhook {
  const timestamp = new Date(now).toISOString();
  const data = `{"merchantId":${quoted(merchantId)},"challenge":"${nonce}","url":${quoted(url)}}`;
  return { id, body: `{"type":"${CHALLENGE_TYPE}","timestamp":"${timestamp}","data":${data}}` };
}

/** The right response. @param keys of the merchant, newest first */
export function challengeResponses(keys: readonly SigningKey[], nonce: string, now: number): readonly string[] {
  return keys.flatMap((key) =>
    key.scheme === "v1" && (key.until === undefined || now < key.until) ? [key.key.sign("base64", nonce)] : [],
  );
}

/**
 * @param body as it came, the first of its bytes: a response is a line of JSON
 * @returns why it is wrong; undefined for the right response
 */
export function whyWrongResponse(body: Uint8Array, nonce: string, expected: readonly string[]): string | undefined {
  if (body.length >= MOST_BYTES) return `the response has ${MOST_BYTES} bytes or more`;
  const given = challengeIn(Buffer.from(body).toString("utf8"));
  if (given === undefined) return "the response is no JSON object with a text named challenge";
  if (expected.some((right) => isSame(right, given))) return undefined;
  if (given === nonce) return "the response is the challenge itself, not the HMAC of it";
  return "the response is not the HMAC of this challenge under the merchant's secret";
}

function challengeIn(text: string): string | undefined {
  try {
    const parsed = JSON.parse(text) as { readonly challenge?: unknown } | null;
    return typeof parsed?.challenge === "string" ? parsed.challenge : undefined;
  } catch {
    return undefined;
  }
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
