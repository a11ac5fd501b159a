/**
 * A delivery as it came in, taken apart but not believed yet: whoever sent it chose all of it. Only its `merchantId` is
 * used before the signature was checked, to find the secret to check it with.
 */
import { REDELIVERY_HEADER } from "../../core/delivery/webhook.ts";
import { CHALLENGE_TYPE } from "../../core/delivery/challenge.ts";
import { TIMESTAMP_TOLERANCE_SECONDS } from "../../core/signing/signature.ts";
import type { Refusal } from "./response.ts";

const HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;
const LARGEST_BODY_BYTES = 400_000;
/** Without a dot: else an answer could be the signature of a webhook, and whoever asks could forge one. */
const NONCE = /^[\w-]{16,128}$/;

export interface ReceivedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | null;
}

export interface Confirmation {
  readonly webhookId: string;
  readonly timestampSeconds: number;
  /** All signatures, separated by spaces. */
  readonly signatures: string;
  /** The text that was signed. */
  readonly body: string;
  readonly merchantId: string;
  /** It says that a job sends it again. Nobody signs that: nothing but a count may rest on it. */
  readonly isRedelivery: boolean;
  /** What is to be answered, of the challenge of an address. */
  readonly challenge?: string;
}

/** The identifying part of `data`; a confirmation has more. */
type ConfirmationData = Pick<Confirmation, "merchantId" | "challenge">;

export function readConfirmation(
  request: ReceivedRequest,
  nowMs: number,
): { confirmation: Confirmation } | { refusal: Refusal } {
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const missing = HEADERS.filter((name) => !headers.get(name));
  if (missing.length > 0)
    return refuse(
      "HEADERS_MISSING",
      `no ${missing.join(", no ")}`,
      HEADERS.join(", "),
      "Send the headers of Standard Webhooks with each delivery.",
    );

  const { body } = request;
  if (!body) return refuse("BODY_MISSING", "no body", "a JSON body", "Send the confirmation as the body of a POST.");
  const bodyBytes = Buffer.byteLength(body);
  if (bodyBytes > LARGEST_BODY_BYTES)
    return refuse("BODY_TOO_LARGE", `${bodyBytes} bytes`, `at most ${LARGEST_BODY_BYTES}`, "Shorten the payload.", 413);

  const timestamp = headers.get("webhook-timestamp") ?? "";
  if (!/^\d{1,12}$/.test(timestamp)) {
    return refuse(
      "TIMESTAMP_INVALID",
      `webhook-timestamp ${JSON.stringify(timestamp.slice(0, 40))}`,
      "Unix time in whole seconds",
      "Send seconds, not milliseconds or a date.",
    );
  }
  const timestampSeconds = Number(timestamp);
  const offSeconds = Math.abs(Math.floor(nowMs / 1000) - timestampSeconds);
  if (offSeconds > TIMESTAMP_TOLERANCE_SECONDS) {
    const remedy = "Set the sender's clock; a delivery that was recorded and sent again is refused.";
    return refuse(
      "TIMESTAMP_OUT_OF_TOLERANCE",
      `a webhook-timestamp ${offSeconds} s from now`,
      `at most ${TIMESTAMP_TOLERANCE_SECONDS} s`,
      remedy,
      401,
    );
  }

  const data = dataOf(body);
  if (data === undefined) {
    return refuse(
      "BODY_NOT_A_CONFIRMATION",
      "a body without data.merchantId",
      '{"type":"transaction.…","timestamp":"…","data":{"merchantId":"…",…}}',
      "Send the confirmation of a transaction.",
    );
  }
  const webhookId = headers.get("webhook-id") ?? "";
  return {
    confirmation: {
      webhookId,
      timestampSeconds,
      signatures: headers.get("webhook-signature") ?? "",
      body,
      isRedelivery: headers.get(REDELIVERY_HEADER) !== undefined,
      ...data,
    },
  };
}

function dataOf(body: string): ConfirmationData | undefined {
  try {
    const parsed = JSON.parse(body) as { type?: unknown; data?: { merchantId?: unknown; challenge?: unknown } } | null;
    const { merchantId, challenge } = parsed?.data ?? {};
    if (typeof merchantId !== "string" || merchantId === "") return undefined;
    if (parsed?.type !== CHALLENGE_TYPE) return { merchantId };
    return typeof challenge === "string" && NONCE.test(challenge) ? { merchantId, challenge } : undefined;
  } catch {
    return undefined;
  }
}

function refuse(
  code: Refusal["code"],
  got: string,
  expected: string,
  remedy: string,
  status: Refusal["status"] = 400,
): { refusal: Refusal } {
  return { refusal: { status, code, got, expected, remedy } };
}
