/**
 * Whose fault it is that an SMS was not taken (AWS End User Messaging SMS API Reference, `SendTextMessage`, Errors and
 * their `Reason`).
 *
 * - The number opted out, is no number, or is of a country that cannot be sent to from here: the recipient's. It is the
 *   next channel's turn
 * - The text is too long, or costs more than `MaxPrice`: the template's
 * - The month's limit of the account (`MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT`), a number that an account in the sandbox
 *   has not verified (`DESTINATION_PHONE_NUMBER_NOT_VERIFIED`), an account that is disabled, a sender or configuration
 *   set that is missing or not registered: our account. Nothing was sent; it waits
 * - Throttled, or 5xx that the service itself gave out: the service. It is tried again
 * - No response, or one that is not of the service, once the request may have been written: nobody knows
 */
import type { SendOutcome } from "./channel-sender.ts";
import { failedAs, notSent, uncertain, WAIT_SECONDS } from "./send-outcomes.ts";
import { neverDialled, serviceFault } from "./service-fault.ts";
import { withShortAddresses } from "./short-address.ts";

/** Reasons of a ConflictException or a ValidationException. */
const REASONS: Readonly<Record<string, "recipient" | "template">> = {
  DESTINATION_PHONE_NUMBER_OPTED_OUT: "recipient",
  DESTINATION_COUNTRY_BLOCKED: "recipient",
  COUNTRY_NOT_ENABLED: "recipient",
  COUNTRY_CODE_MISMATCH: "recipient",
  INVALID_IDENTITY_FOR_DESTINATION_COUNTRY: "recipient",
  INTERNATIONAL_SENDING_NOT_SUPPORTED: "recipient",
  SENDER_ID_NOT_SUPPORTED: "recipient",
  MAXIMUM_SIZE_EXCEEDED: "template",
  PRICE_OVER_THRESHOLD: "template",
};
/** Of the request, by name. */
const FIELDS: Readonly<Record<string, "recipient" | "template">> = {
  DestinationPhoneNumber: "recipient",
  MessageBody: "template",
};

interface Detailed {
  readonly Reason?: string;
  readonly Fields?: readonly { readonly Name?: string }[];
}

/** @param error what the client threw */
export function smsOutcome(error: unknown): SendOutcome {
  if (neverDialled(error)) return failedAs("service", `SMS cannot be reached: ${(error as Error).message}`);
  const fault = serviceFault(error);
  if (fault === undefined) return uncertain(`SMS has not responded: ${(error as Error).message}`);
  const { name, message, status } = fault;
  const { Reason: reason, Fields: fields = [] } = error as Detailed;
  const why = reason === undefined ? "" : ` (${reason})`;
  const said = `SMS says ${name}${why}: ${withShortAddresses(message)}`;
  if (name === "ThrottlingException" || name === "TooManyRequestsException" || status === 429 || status >= 500)
    return failedAs("service", said);
  if (name === "ServiceQuotaExceededException") return notSent(said, WAIT_SECONDS.quota);
  const field = fields.map(({ Name = "" }) => FIELDS[Name]).find((one) => one !== undefined);
  const whose = REASONS[reason ?? ""] ?? (name === "ValidationException" ? field : undefined);
  return whose === undefined ? notSent(said, WAIT_SECONDS.person) : failedAs(whose, said);
}
