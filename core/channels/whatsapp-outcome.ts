/**
 * Whose fault it is that a WhatsApp message was not taken (AWS End User Messaging Social API Reference,
 * `SendWhatsAppMessage`, Errors). Where AWS repeats what Meta said, the number of Meta's error decides
 * (`meta-codes.ts`).
 *
 * - The number has no WhatsApp, or wants no messages: the recipient's. It is the next channel's turn
 * - The template is not there, not approved, paused, or has other parameters: the template's
 * - Limits of the number or the business account, a debt, an account that is locked, a number or right that is missing:
 *   our account. Nothing was sent; it waits
 * - Throttled, or 5xx that AWS itself gave out: the service. It is tried again
 * - `DependencyException`: AWS has asked Meta and cannot say what came of it. No response: neither. Nobody knows
 */
import type { SendOutcome } from "./channel-sender.ts";
import { metaFault } from "./meta-codes.ts";
import { failedAs, notSent, uncertain, WAIT_SECONDS } from "./send-outcomes.ts";
import { neverDialled, serviceFault } from "./service-fault.ts";
import { withShortAddresses } from "./short-address.ts";

const META_CODE = /(?:#|\bcode\W{1,4})(\d{3,6})\b/;

/** @param error what the client threw */
export function whatsappOutcome(error: unknown): SendOutcome {
  if (neverDialled(error)) return failedAs("service", `WhatsApp cannot be reached: ${(error as Error).message}`);
  const fault = serviceFault(error);
  if (fault === undefined) return uncertain(`WhatsApp has not responded: ${(error as Error).message}`);
  const { name, message, status } = fault;
  const said = `WhatsApp says ${name}: ${withShortAddresses(message)}`;
  const whose = metaFault(Number(META_CODE.exec(message)?.[1]));
  if (whose === "recipient" || whose === "template") return failedAs(whose, said);
  if (whose !== undefined) return notSent(said, WAIT_SECONDS[whose]);
  switch (name) {
    case "DependencyException":
      return uncertain(said);
    case "ThrottledRequestException":
    case "ThrottlingException":
      return failedAs("service", said);
    case "InvalidParametersException":
    case "ValidationException":
      return failedAs("template", said);
    default:
      return status >= 500 || status === 429 ? failedAs("service", said) : notSent(said, WAIT_SECONDS.person);
  }
}
