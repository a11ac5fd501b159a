/** Types of verify-webhook.mjs; copy it along if you use TypeScript. */

export type WebhookErrorCode =
  | "HEADERS_MISSING"
  | "ID_INVALID"
  | "TIMESTAMP_INVALID"
  | "TIMESTAMP_TOO_OLD"
  | "TIMESTAMP_TOO_NEW"
  | "BODY_NOT_RAW"
  | "SIGNATURE_MISSING"
  | "SIGNATURE_INVALID"
  | "KEYS_INVALID"
  | "KEYS_UNAVAILABLE"
  | "CHALLENGE_INVALID";

export class WebhookError extends Error {
  readonly code: WebhookErrorCode;
  constructor(code: WebhookErrorCode, message: string, options?: ErrorOptions);
}

/** `whsec_…`, `whpk_…`, a JSON Web Key or a set of them. */
export type WebhookKey = string | object;
export type WebhookKeys = WebhookKey | readonly WebhookKey[];
/** Asked for keys at each webhook, and once more when a signature fits none of them. */
export type KeySource = (ask: { again: boolean }) => WebhookKeys | Promise<WebhookKeys>;

export interface ReceivedWebhook {
  /** Names in any case. */
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Exactly as received. */
  body: string | Uint8Array | ArrayBuffer;
  keys: WebhookKeys | KeySource;
  /** Seconds that `webhook-timestamp` may be from now, both ways. @default 300 */
  toleranceSeconds?: number;
  /** Epoch milliseconds. @default the clock */
  now?: number;
}

export interface VerifiedWebhook {
  /** The same for every attempt: deduplicate on it. */
  id: string;
  timestampSeconds: number;
  scheme: "v1" | "v1a";
}

export interface KeysFromOptions {
  /** @default 300 */
  keepSeconds?: number;
  /** Least seconds between two calls, whatever webhooks come in. @default 30 */
  againSeconds?: number;
  /** @default 5000 */
  timeoutMs?: number;
  fetch?: typeof fetch;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** @throws WebhookError, by rejecting */
export function verifyWebhook(webhook: ReceivedWebhook): Promise<VerifiedWebhook>;

export interface ReceivedChallenge extends Omit<ReceivedWebhook, "keys"> {
  /** Your `whsec_…`, the newest first. */
  secret: string | readonly string[];
  /** To verify with. @default the secret */
  keys?: WebhookKeys | KeySource;
  /** Your addresses: a challenge of another one is refused. @default any */
  urls?: string | readonly string[];
}

/**
 * JSON to answer the challenge of your address with, status 200; undefined for a webhook that is no challenge.
 *
 * @throws WebhookError, by rejecting
 */
export function respondToChallenge(webhook: ReceivedChallenge): Promise<string | undefined>;

export interface AcknowledgedWebhook {
  /** As `verifyWebhook` returned it. */
  id: string;
  /** The next three as in `data` of the webhook. */
  merchantId: string;
  transactionId: string;
  version: number;
  /** Your `whsec_…`, the newest first. */
  secret: string | readonly string[];
  /** Epoch milliseconds. @default the clock */
  now?: number;
}

/**
 * What a merchant that answered 202 sends by `POST` to acknowledge a webhook; made anew each time that it is sent.
 *
 * @throws WebhookError, by rejecting
 */
export function signAcknowledgement(
  webhook: AcknowledgedWebhook,
): Promise<{ headers: Record<string, string>; body: string }>;

/** The keys at the address of a JSON Web Key Set. */
export function keysFrom(url: string | URL, options?: KeysFromOptions): KeySource;
