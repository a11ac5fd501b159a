/**
 * What a merchant is answered that acknowledges. A refusal has a stable code and says what was got and what was
 * expected; nothing of it says whether a merchant or a transaction is there to whoever has not signed as that merchant.
 */

/** Codes of refusals, with their status; docs/errors.md has a heading for each. */
export const ACKNOWLEDGEMENT_REFUSALS = {
  /** Headers, time or body are of another form. */
  ACKNOWLEDGEMENT_INVALID: 400,
  /** Too old, too new, or not signed by the merchant that it names. */
  ACKNOWLEDGEMENT_UNSIGNED: 401,
  ACKNOWLEDGEMENT_UNKNOWN: 404,
  ACKNOWLEDGEMENT_SUPERSEDED: 409,
  ACKNOWLEDGEMENT_CONTENT_CHANGED: 409,
  ACKNOWLEDGEMENT_TOO_EARLY: 409,
  ACKNOWLEDGEMENT_TOO_LARGE: 413,
  ACKNOWLEDGEMENT_UNAVAILABLE: 503,
} as const;
export type AcknowledgementRefusal = keyof typeof ACKNOWLEDGEMENT_REFUSALS;

export interface AcknowledgementResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Refusal {
  readonly code: AcknowledgementRefusal;
  readonly got: string;
  readonly expected: string;
}

/** Seconds. */
const RETRY_AFTER: Partial<Record<AcknowledgementRefusal, string>> = {
  ACKNOWLEDGEMENT_TOO_EARLY: "5",
  ACKNOWLEDGEMENT_UNAVAILABLE: "1",
};
const HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

export function refusal(code: AcknowledgementRefusal, got: string, expected: string): Refusal {
  return { code, got, expected };
}

export function refused({ code, got, expected }: Refusal): AcknowledgementResponse {
  const retryAfter = RETRY_AFTER[code];
  return {
    status: ACKNOWLEDGEMENT_REFUSALS[code],
    headers: { ...HEADERS, ...(retryAfter !== undefined && { "retry-after": retryAfter }) },
    body: { error: { code, got, expected } },
  };
}

/**
 * @param at epoch milliseconds
 * @param isStep of a plan of channels that goes on: the transaction is not confirmed yet
 */
export function taken(
  transactionId: string,
  version: number,
  at: number | undefined,
  isStep = false,
): AcknowledgementResponse {
  const state = isStep ? "ACKNOWLEDGED" : "CONFIRMED";
  const recordedAt = at === undefined ? {} : { recordedAt: new Date(at).toISOString() };
  return { status: 200, headers: HEADERS, body: { transactionId, version, state, ...recordedAt } };
}
