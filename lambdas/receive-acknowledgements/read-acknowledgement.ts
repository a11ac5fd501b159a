/**
 * An acknowledgement as it came in, taken apart but not believed yet: whoever sent it chose all of it. It names the
 * webhook that it is for, and carries the same three headers as one, so that its signature is over id, version and
 * time.
 */
import { z } from "zod";
import { webhookId } from "../../core/delivery/webhook.ts";
import { TIMESTAMP_TOLERANCE_SECONDS } from "../../core/signing/signature.ts";
import { isId, isMerchantId } from "../../core/transaction/transaction.ts";
import { type Refusal, refusal } from "./response.ts";

/** No outcome of a transaction makes this type, so that no webhook of ours is an acknowledgement. */
export const ACKNOWLEDGEMENT_TYPE = "webhook.acknowledgement";
/** Two ids of 1,024 bytes, escaped, and the rest. */
const MOST_BODY_BYTES = 16_384;
const HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;
const FORM = `{"type":"${ACKNOWLEDGEMENT_TYPE}","data":{"merchantId":"…","transactionId":"…","version":1}}`;

const bodySchema = z.strictObject({
  type: z.literal(ACKNOWLEDGEMENT_TYPE),
  data: z.strictObject({
    merchantId: z.string().refine(isMerchantId),
    transactionId: z.string().refine(isId),
    version: z.int().min(1),
  }),
});

export interface ReceivedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | null;
}

export interface ReadAcknowledgement {
  readonly merchantId: string;
  readonly transactionId: string;
  readonly version: number;
  /** What was signed. */
  readonly signed: { readonly id: string; readonly timestampSeconds: number; readonly body: string };
  /** All signatures, separated by spaces. */
  readonly signatures: string;
}

export function readAcknowledgement(request: ReceivedRequest, nowMs: number): ReadAcknowledgement | Refusal {
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const missing = HEADERS.filter((name) => !headers.get(name));
  if (missing.length > 0) return refusal("ACKNOWLEDGEMENT_INVALID", `no ${missing.join(", no ")}`, HEADERS.join(", "));
  const body = request.body ?? "";
  const bytes = Buffer.byteLength(body);
  if (bytes > MOST_BODY_BYTES)
    return refusal("ACKNOWLEDGEMENT_TOO_LARGE", `a body of ${bytes} bytes`, `at most ${MOST_BODY_BYTES}`);
  const timestamp = headers.get("webhook-timestamp") ?? "";
  if (!/^\d{1,12}$/.test(timestamp))
    return refusal("ACKNOWLEDGEMENT_INVALID", "another webhook-timestamp", "Unix time in whole seconds");
  const timestampSeconds = Number(timestamp);
  const offSeconds = Math.abs(Math.floor(nowMs / 1000) - timestampSeconds);
  if (offSeconds > TIMESTAMP_TOLERANCE_SECONDS) {
    const expected = `at most ${TIMESTAMP_TOLERANCE_SECONDS} s; sign it anew whenever it is sent`;
    return refusal("ACKNOWLEDGEMENT_UNSIGNED", `a webhook-timestamp ${offSeconds} s from now`, expected);
  }
  const data = dataIn(body);
  if (data === undefined) return refusal("ACKNOWLEDGEMENT_INVALID", "another body", FORM);
  const id = headers.get("webhook-id") ?? "";
  if (id !== webhookId(data.transactionId, data.version))
    return refusal(
      "ACKNOWLEDGEMENT_INVALID",
      "another webhook-id",
      "that of the webhook of this transaction and version",
    );
  return { ...data, signed: { id, timestampSeconds, body }, signatures: headers.get("webhook-signature") ?? "" };
}

function dataIn(body: string): z.infer<typeof bodySchema>["data"] | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(body)).data?.data;
  } catch {
    return undefined;
  }
}
