/**
 * Whose fault it is that a queue, a topic or an event bus did not take a message. A second message does no harm there,
 * as each carries its `webhook-id`: what nobody knows counts as the service's fault, and is sent again.
 */
import type { SendOutcome } from "./channel-sender.ts";
import { failedAs, notSent, WAIT_SECONDS } from "./send-outcomes.ts";
import { serviceFault } from "./service-fault.ts";

/**
 * - `theirs`: the recipient's queue, topic or bus is gone, locked or lets nobody in. Somebody there has to mend it
 * - `message`: it is never taken, however often it is sent
 * - `ours`: nothing was sent for what our account or role lacks
 * - `service`: throttled, out of order
 */
export type AwsFault = "theirs" | "message" | "ours" | "service";

/** IAM says so where it is our own role that may not (IAM User Guide, "Troubleshoot access denied error messages"). */
const OUR_POLICY = /identity-based policy|permissions boundary|session policy|service control policy/;

export interface AwsFaults {
  /** As a person knows it: `SQS`. */
  readonly service: string;
  /** By name of the error. */
  readonly faults: Readonly<Record<string, AwsFault>>;
}

/** @param error what the client threw */
export function awsOutcome(error: unknown, { service, faults }: AwsFaults): SendOutcome {
  const fault = serviceFault(error);
  if (fault === undefined) return failedAs("service", `${service} has not responded: ${(error as Error).message}`);
  const { name, message, status } = fault;
  const unknown = status >= 500 || status === 429 ? "service" : "ours";
  return outcomeOf(faults[name] ?? unknown, `${service} says ${name}: ${message}`, status);
}

/** @param status HTTP status of the response */
export function outcomeOf(fault: AwsFault, said: string, status = 400): SendOutcome {
  if (fault === "message") return failedAs("template", said);
  if (fault === "service") return failedAs("service", said);
  if (fault === "ours" || OUR_POLICY.test(said)) return notSent(said, WAIT_SECONDS.person);
  return { kind: "outcome", outcome: { kind: "failed", class: "status_4xx", status, error: said } };
}
