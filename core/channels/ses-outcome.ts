/**
 * Whose fault it is that SES did not take a mail.
 *
 * - `SendingPausedException`, `AccountSuspendedException`, `MailFromDomainNotVerifiedException`,
 *   `TooManyRequestsException`, `LimitExceededException`, a configuration set that is not there: our account. Nothing
 *   was sent; it waits (SESv2 API Reference, `SendEmail`, Errors; Developer Guide, "Errors related to the sending
 *   quotas for your Amazon SES account": quota of a day, rate of a second)
 * - `MessageRejected` for an identity that is not verified: our account, or an account that is still in the sandbox of
 *   SES (Developer Guide, "Amazon SES email sending errors"). For anything else: what the template says
 * - `BadRequestException` about an address: whoever is to get it. For anything else: what the operator set up
 * - 5xx that SES itself gave out: the service. It is tried again
 * - No response, or one that is not of SES, once the request may have been written: nobody knows
 *
 * What is on a suppression list SES takes, and says so with a bounce: `lambdas/receive-receipts/ses-event.ts`.
 */
import type { SendOutcome } from "./channel-sender.ts";
import { failedAs, notSent, uncertain, WAIT_SECONDS } from "./send-outcomes.ts";
import { neverDialled, type ServiceFault, serviceFault } from "./service-fault.ts";
import { withShortAddresses } from "./short-address.ts";

const ABOUT_ADDRESS = new RegExp(
  [
    "illegal address|invalid address|address.{0,40}(?:control|whitespace)|missing final",
    "domain (?:contains|starts|ends|name)|(?:local|user) ?(?:name|part|address)",
  ].join("|"),
  "i",
);

/** @param error what the client threw */
export function sesOutcome(error: unknown): SendOutcome {
  if (neverDialled(error)) return failedAs("service", `SES cannot be reached: ${(error as Error).message}`);
  const fault = serviceFault(error);
  if (fault === undefined) return uncertain(`SES has not responded: ${(error as Error).message}`);
  return outcomeOf(fault);
}

function outcomeOf({ name, message, status }: ServiceFault): SendOutcome {
  const said = `SES says ${name}: ${withShortAddresses(message)}`;
  switch (name) {
    case "TooManyRequestsException":
    case "ThrottlingException":
    case "LimitExceededException":
      return notSent(said, /quota|24 hour|daily/i.test(message) ? WAIT_SECONDS.quota : WAIT_SECONDS.rate);
    case "MessageRejected":
      return /not verified/i.test(message) ? notSent(said, WAIT_SECONDS.person) : failedAs("template", said);
    case "BadRequestException":
      return failedAs(ABOUT_ADDRESS.test(message) ? "recipient" : "template", said);
    default:
      // Paused, suspended, not verified, not found, not allowed, credentials: all of them ours, and none was sent.
      return status >= 500 ? failedAs("service", said) : notSent(said, WAIT_SECONDS.person);
  }
}
