/**
 * What becomes of a transaction after an attempt: three horizons. Seconds are waited in the queue, while few enough wait there;
 * minutes to days in the table; after that it is given up. SQS FIFO holds 120,000 messages in flight and stops for every merchant
 * beyond, which is why failing messages may take only a small share of it.
 */
import type { Failure } from "./failure.ts";
import { failure } from "./failure.ts";
import type { RetryPolicy } from "./retry-schedule.ts";
import { retryDelayMs } from "./retry-schedule.ts";

/** How one call to a merchant ended. */
export type AttemptOutcome =
  | { readonly kind: "delivered"; readonly status: number; readonly disablesUrl?: boolean }
  | {
      readonly kind: "failed";
      /** `connection`, `timeout`, `redirect`, `status` or `refused` (an address that must not be called). */
      readonly class: FailureClass;
      readonly status?: number;
      /** It answered 410, or asked for no more at this URL. */
      readonly disablesUrl?: boolean;
      /** For a person: what the merchant's side did. */
      readonly error: string;
    };

export type FailureClass = "connection" | "timeout" | "redirect" | "status" | "refused";

export type NextStep =
  | { readonly kind: "confirm" }
  | { readonly kind: "retry in queue"; readonly delaySeconds: number }
  | { readonly kind: "park"; readonly dueAt: number }
  | { readonly kind: "fail"; readonly failure: Failure };

export interface Situation {
  readonly outcome: AttemptOutcome;
  /** Attempts so far, this one included. */
  readonly attemptCount: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Epoch milliseconds after which it is given up. */
  readonly giveUpAt: number;
  /** Whether another failing message may stay in the queue. */
  readonly hasRoomInQueue: boolean;
  /** In [0, 1). */
  readonly random: number;
}

export function nextStep(policy: RetryPolicy, situation: Situation): NextStep {
  const { outcome, attemptCount, now, giveUpAt, hasRoomInQueue, random } = situation;
  if (outcome.kind === "delivered") return { kind: "confirm" };
  const last = `The last of ${attemptCount} attempts failed: ${outcome.error}.`;
  const delayMs = retryDelayMs(policy, attemptCount, random);
  if (delayMs === undefined) {
    return {
      kind: "fail",
      failure: failure(
        "attempts_exhausted",
        `${last} Have the merchant mend its endpoint, then put the dead letter back.`,
      ),
    };
  }
  if (now + delayMs > giveUpAt) {
    const until = new Date(giveUpAt).toISOString();
    return {
      kind: "fail",
      failure: failure("expired", `${last} The next one would come after ${until}, when it is given up.`),
    };
  }
  if (delayMs <= policy.inQueueMaxSeconds * 1000 && hasRoomInQueue) {
    return { kind: "retry in queue", delaySeconds: Math.max(1, Math.round(delayMs / 1000)) };
  }
  return { kind: "park", dueAt: now + delayMs };
}
