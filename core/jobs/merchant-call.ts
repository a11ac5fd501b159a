/**
 * A call of a merchant that somebody asked for, as a row of the `Jobs` table: a test event, or the challenge of an
 * address. The program that delivers makes it, once, and records what it sent and what came back.
 *
 *   queued -> done   by whoever makes the call, or finds that its time is over; it is recorded once
 *
 * A call whose maker was killed is made once more, under the same id, by whoever receives its message within its time;
 * after that it is `expired`.
 */
import { TIME_TO_LIVE } from "../settings/names.ts";
import { isJobId } from "../transaction/message.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../transaction/attribute-value.ts";

/** What a call is for: it says what is sent. */
export const MERCHANT_CALL_KINDS = ["test", "challenge"] as const;
export type MerchantCallKind = (typeof MERCHANT_CALL_KINDS)[number];

/** Milliseconds after which a call is not made any more: whoever asked for it is gone. */
export const CALL_EXPIRES_MS = 60_000;
/** The same of a challenge, for which nobody has to wait: longer than a deployment takes. */
const CHALLENGE_EXPIRES_MS = 900_000;
/** Milliseconds after that by which somebody has recorded it, where anybody is there. */
const RECORDED_BY_MS = 30_000;
const KEPT_SECONDS = 7 * 86_400;

export const JOB_ATTRIBUTES = {
  jobId: "jobId",
  kind: "kind",
  /** `queued`, `done`. */
  state: "state",
  merchantId: "merchantId",
  /** Who asked for it. */
  requestedBy: "requestedBy",
  /** That is challenged. */
  url: "url",
  /** Epoch milliseconds. */
  queuedAt: "queuedAt",
  expiresAt: "expiresAt",
  startedAt: "startedAt",
  doneAt: "doneAt",
  outcome: "outcome",
  error: "error",
  durationMs: "durationMs",
  request: "request",
  response: "response",
} as const;

export interface NewMerchantCall {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly jobId: string;
  readonly kind: MerchantCallKind;
  readonly merchantId: string;
  readonly requestedBy: string;
  /** Where it goes. @default the merchant's own URL */
  readonly url?: string;
}

/** As it was sent; the signature says nothing about the key. */
export interface SentRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As it came back: chosen headers, and the beginning of the body without secrets. */
export interface GotResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * What came of it: `delivered`, the class of a failed attempt (docs/using/webhook.md), the code of a failure that kept
 * it from being made (docs/errors.md#failures), or one of `UNMADE`.
 */
export interface MerchantCallResult {
  readonly outcome: string;
  /** One sentence for a person. */
  readonly error?: string;
  /** Milliseconds of the call. */
  readonly durationMs?: number;
  readonly request?: SentRequest;
  readonly response?: GotResponse;
}

/** Outcome of a challenge that was answered as it should be. */
export const VERIFIED = "verified";

/** Outcomes that no attempt and no failure of a transaction has. */
export const UNMADE = {
  /** Nobody made it in time. */
  expired: "expired",
  /** As many calls of the merchant as may be are in flight. */
  noRoom: "no_room",
  /** KMS does not open the merchant's own secret just now. */
  keyUnavailable: "key_unavailable",
  /** Its token server gives no token just now. */
  tokenUnavailable: "token_unavailable",
  /** It answered a challenge with 2xx, and wrong. */
  wrongResponse: "wrong_response",
  /** It got no response, and that was a fault of our own network. */
  egressFault: "egress_fault",
} as const;

export interface MerchantCall extends NewMerchantCall {
  readonly state: "queued" | "done";
  /** Epoch milliseconds. */
  readonly queuedAt: number;
  readonly expiresAt: number;
  /** When somebody last began to make it. */
  readonly startedAt?: number;
  readonly doneAt?: number;
  readonly result?: MerchantCallResult;
}

/**
 * The row of a new call, to be put on the condition that there is no `jobId`; it may be one write of a transaction.
 * @param now epoch milliseconds
 * @throws RangeError for an id that no `webhook-id` can be
 */
export function merchantCallRow(call: NewMerchantCall, now: number): AttributeMap {
  const { jobId, kind, merchantId, requestedBy, url } = call;
  if (!isJobId(jobId))
    throw new RangeError(`jobId: got ${JSON.stringify(jobId)}, expected up to 64 letters, digits, _ and -.`);
  return {
    [JOB_ATTRIBUTES.jobId]: { S: jobId },
    [JOB_ATTRIBUTES.kind]: { S: kind },
    [JOB_ATTRIBUTES.state]: { S: "queued" },
    [JOB_ATTRIBUTES.merchantId]: { S: merchantId },
    [JOB_ATTRIBUTES.requestedBy]: { S: requestedBy },
    ...(url !== undefined && { [JOB_ATTRIBUTES.url]: { S: url } }),
    [JOB_ATTRIBUTES.queuedAt]: { N: String(now) },
    [JOB_ATTRIBUTES.expiresAt]: { N: String(now + expiresMs(kind)) },
    [TIME_TO_LIVE]: { N: String(Math.floor(now / 1000) + KEPT_SECONDS) },
  };
}

function expiresMs(kind: MerchantCallKind): number {
  return kind === "challenge" ? CHALLENGE_EXPIRES_MS : CALL_EXPIRES_MS;
}

/** @returns undefined for what is no call of a known kind */
export function readMerchantCall(row: AttributeMap): MerchantCall | undefined {
  const [jobId, merchantId, state, word] = [
    stringOf(row[JOB_ATTRIBUTES.jobId]),
    stringOf(row[JOB_ATTRIBUTES.merchantId]),
    stringOf(row[JOB_ATTRIBUTES.state]),
    stringOf(row[JOB_ATTRIBUTES.kind]),
  ];
  const kind = MERCHANT_CALL_KINDS.find((known) => known === word);
  const queuedAt = numberOf(row[JOB_ATTRIBUTES.queuedAt]);
  const expiresAt = numberOf(row[JOB_ATTRIBUTES.expiresAt]);
  if (jobId === undefined || merchantId === undefined || kind === undefined) return undefined;
  if (queuedAt === undefined || expiresAt === undefined || (state !== "queued" && state !== "done")) return undefined;
  const startedAt = numberOf(row[JOB_ATTRIBUTES.startedAt]);
  const doneAt = numberOf(row[JOB_ATTRIBUTES.doneAt]);
  const result = resultIn(row);
  const url = stringOf(row[JOB_ATTRIBUTES.url]);
  return {
    jobId,
    kind,
    state,
    merchantId,
    requestedBy: stringOf(row[JOB_ATTRIBUTES.requestedBy]) ?? "",
    ...(url !== undefined && { url }),
    queuedAt,
    expiresAt,
    ...(startedAt !== undefined && { startedAt }),
    ...(doneAt !== undefined && { doneAt }),
    ...(result !== undefined && { result }),
  };
}

/** As a reader sees it: one that nobody was there to record is over all the same. @param now epoch milliseconds */
export function asSeenAt(call: MerchantCall, now: number): MerchantCall {
  const isLeft = call.state === "queued" && now > call.expiresAt + RECORDED_BY_MS;
  return isLeft ? { ...call, state: "done", doneAt: call.expiresAt, result: EXPIRED } : call;
}

export const EXPIRED: MerchantCallResult = Object.freeze({
  outcome: UNMADE.expired,
  error: "Nobody made the call in its time, or whoever began it was ended. Ask once more.",
});

/** Attributes of a result. */
export function resultAttributes(result: MerchantCallResult): AttributeMap {
  const { outcome, error, durationMs, request, response } = result;
  return {
    [JOB_ATTRIBUTES.outcome]: { S: outcome },
    ...(error !== undefined && { [JOB_ATTRIBUTES.error]: { S: error } }),
    ...(durationMs !== undefined && { [JOB_ATTRIBUTES.durationMs]: { N: String(durationMs) } }),
    ...(request !== undefined && {
      [JOB_ATTRIBUTES.request]: {
        M: { url: { S: request.url }, headers: textsOf(request.headers), body: { S: request.body } },
      },
    }),
    ...(response !== undefined && {
      [JOB_ATTRIBUTES.response]: {
        M: {
          status: { N: String(response.status) },
          headers: textsOf(response.headers),
          ...(response.body !== undefined && { body: { S: response.body } }),
        },
      },
    }),
  };
}

function textsOf(headers: Readonly<Record<string, string>>): AttributeValue {
  return { M: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { S: value }])) };
}

function textsIn(attribute: AttributeValue | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(attribute?.M ?? {}).map(([name, value]) => [name, stringOf(value) ?? ""]));
}

function resultIn(row: AttributeMap): MerchantCallResult | undefined {
  const outcome = stringOf(row[JOB_ATTRIBUTES.outcome]);
  if (outcome === undefined) return undefined;
  const error = stringOf(row[JOB_ATTRIBUTES.error]);
  const durationMs = numberOf(row[JOB_ATTRIBUTES.durationMs]);
  const request = row[JOB_ATTRIBUTES.request]?.M;
  const response = row[JOB_ATTRIBUTES.response]?.M;
  const body = stringOf(response?.["body"]);
  return {
    outcome,
    ...(error !== undefined && { error }),
    ...(durationMs !== undefined && { durationMs }),
    ...(request !== undefined && {
      request: {
        url: stringOf(request["url"]) ?? "",
        headers: textsIn(request["headers"]),
        body: stringOf(request["body"]) ?? "",
      },
    }),
    ...(response !== undefined && {
      response: {
        status: numberOf(response["status"]) ?? 0,
        headers: textsIn(response["headers"]),
        ...(body !== undefined && { body }),
      },
    }),
  };
}
