/** How a send ended, for senders to say in a word. */
import type { FailureClass } from "../retry/retry-policy.ts";
import type { SendOutcome } from "./channel-sender.ts";

/** Seconds until it is tried again, for what of our own account or settings kept it back. */
export const WAIT_SECONDS = {
  /** More than the account may send in a second. */
  rate: 10,
  /** A table or a file that cannot be read just now. */
  trouble: 30,
  /** A person has to put it right. */
  person: 300,
  /** More than may be sent in a day or a month. */
  quota: 900,
} as const;

/** @param messageId what the service calls it */
export function sent(messageId: string | undefined): SendOutcome {
  const outcome = { kind: "delivered", status: 200 } as const;
  return { kind: "outcome", outcome, ...(messageId !== undefined && { messageId }) };
}

export function failedAs(failureClass: FailureClass, error: string): SendOutcome {
  return { kind: "outcome", outcome: { kind: "failed", class: failureClass, error } };
}

export function notSent(error: string, waitSeconds: number): SendOutcome {
  return { kind: "not sent", error, waitSeconds };
}

export function uncertain(error: string): SendOutcome {
  return { kind: "uncertain", error };
}
