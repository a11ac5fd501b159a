/**
 * What the reference merchant answers. A refusal says what was got, what was expected and what to do, and has a stable
 * code; it never repeats the body or a secret.
 */
export interface WebhookResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Refusal {
  readonly status: 400 | 401 | 413;
  readonly code: RefusalCode;
  readonly got: string;
  readonly expected: string;
  readonly remedy: string;
}

export const REFUSAL_CODES = [
  "BODY_MISSING",
  "BODY_TOO_LARGE",
  "BODY_NOT_A_CONFIRMATION",
  "HEADERS_MISSING",
  "TIMESTAMP_INVALID",
  "TIMESTAMP_OUT_OF_TOLERANCE",
  "MERCHANT_UNKNOWN",
  "MERCHANT_UNUSABLE",
  "SIGNATURE_INVALID",
  "BEHAVIOUR_INVALID",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export function received(isDuplicate: boolean): WebhookResponse {
  return { status: 200, body: { received: true, duplicate: isDuplicate } };
}

/** Of a challenge, which shows that whoever is here knows the merchant's secret. */
export function challengeResponse(challenge: string): WebhookResponse {
  return { status: 200, body: { challenge } };
}

export function refused({ status, code, got, expected, remedy }: Refusal): WebhookResponse {
  return { status, body: { received: false, error: { code, got, expected, remedy } } };
}

export const FAILED_ON_REQUEST = "FAILED_ON_REQUEST";

/** It was asked to fail, by its own URL. */
export function failedOnRequest(status: number): WebhookResponse {
  const error = {
    code: FAILED_ON_REQUEST,
    remedy: "The query parameter failRate of the confirmation URL asks for this; take it away.",
  };
  return { status, body: { received: false, error } };
}
