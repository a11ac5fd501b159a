/**
 * Takes what a merchant acknowledges: verified first, with the secret that its webhooks are signed with, then recorded.
 * One that comes twice is answered alike, so that a merchant may send it until it is answered.
 */
import type { GivenAcknowledgement, RecordedAcknowledgement } from "../../core/aws/record-acknowledgement.ts";
import type { MerchantLookup } from "../../core/aws/registered-merchants.ts";
import { isSignedBy } from "../../core/signing/merchant-keys.ts";
import { readAcknowledgement, type ReceivedRequest } from "./read-acknowledgement.ts";
import { type AcknowledgementResponse, type Refusal, refusal, refused, taken } from "./response.ts";

/** As what it is recorded on the row. */
const BY_CALLBACK = "callback";

export interface ReceiveParts {
  readonly merchantOf: (merchantId: string) => Promise<MerchantLookup>;
  readonly record: (given: GivenAcknowledgement) => Promise<RecordedAcknowledgement>;
  readonly nowMs: () => number;
}

/** The response, and what it was for whoever logs and counts. */
export interface ReceivedAcknowledgement {
  readonly kind: "acknowledged" | "repeated" | "refused";
  readonly answer: AcknowledgementResponse;
  /** What is safe to log. */
  readonly facts: Readonly<{ code?: string; merchantId?: string; transactionId?: string; version?: number }>;
}

const UNSIGNED = refusal(
  "ACKNOWLEDGEMENT_UNSIGNED",
  "a signature that is not its merchant's",
  "webhook-signature: v1,<base64 of the HMAC-SHA256 of id.timestamp.body under the merchant's secret>",
);

const UNTAKEN: Readonly<Record<Exclude<RecordedAcknowledgement["kind"], "confirmed">, Refusal>> = {
  unknown: refusal("ACKNOWLEDGEMENT_UNKNOWN", "a transaction that this merchant has not got", "one that it has got"),
  superseded: refusal("ACKNOWLEDGEMENT_SUPERSEDED", "an older version", "the version that it has got last"),
  changed: refusal("ACKNOWLEDGEMENT_CONTENT_CHANGED", "one whose content is another now", "as it was sent"),
  "not sent": refusal("ACKNOWLEDGEMENT_TOO_EARLY", "one whose call was not recorded yet", "the same in some seconds"),
};

/** @throws what cannot be read or recorded just now */
export async function receiveAcknowledgement(
  request: ReceivedRequest,
  { merchantOf, record, nowMs }: ReceiveParts,
): Promise<ReceivedAcknowledgement> {
  const read = readAcknowledgement(request, nowMs());
  if ("code" in read) return refusedAs(read);
  const { merchantId, transactionId, version, signed, signatures } = read;
  const lookup = await merchantOf(merchantId);
  if (lookup.kind !== "registered" || !isSignedBy(lookup.keys, signed, signatures, nowMs())) return refusedAs(UNSIGNED);
  const facts = { merchantId, transactionId, version };
  const recorded = await record({ merchantId, transactionId, version, by: BY_CALLBACK });
  if (recorded.kind !== "confirmed") return refusedAs(UNTAKEN[recorded.kind], facts);
  const { isNew, at, isStep } = recorded;
  return { kind: isNew ? "acknowledged" : "repeated", answer: taken(transactionId, version, at, isStep), facts };
}

function refusedAs(why: Refusal, facts: ReceivedAcknowledgement["facts"] = {}): ReceivedAcknowledgement {
  return { kind: "refused", answer: refused(why), facts: { ...facts, code: why.code } };
}
