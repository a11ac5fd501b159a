/**
 * What becomes of a transaction after an attempt: three horizons. Seconds are waited in the queue, while few enough
 * wait there; minutes to days in the table; after that it is given up. SQS FIFO holds 120,000 messages in flight and
 * stops for every merchant beyond, which is why failing messages may take only a small share of it. What is asked for
 * or drawn beyond the time to give up becomes one last attempt shortly before it.
 */
import type { Attempt } from "../transaction/attempt.ts";
import type { Failure } from "../transaction/failure.ts";
import { failure } from "../transaction/failure.ts";
import {
  askedInARow,
  askedWaitMs,
  CLASS_POLICIES,
  type FailureClass,
  scheduledWaitMs,
  countsAsAttempt,
} from "./retry-policy.ts";
import { MIN_WAIT_MS, type RetryPolicy } from "./retry-schedule.ts";

/** What any response may hold beside its status. */
interface ReceivedResponse {
  /** The first of the response's body as text, without what looks like a secret or a card number. */
  readonly answer?: string;
  /** The merchant wants nothing more at this URL: 410, or `webhook-delivery: disable`. */
  readonly disablesUrl?: true;
  /**
   * The request was sent once more within this attempt, after its reused connection had been closed before a response.
   */
  readonly isResent?: true;
}

/** How one call to a merchant ended. */
export type AttemptOutcome =
  | ({
      readonly kind: "delivered";
      readonly status: number;
      /** What was responded as it is, where whoever called asked for it. */
      readonly response?: string;
    } & ReceivedResponse)
  | ({
      readonly kind: "failed";
      readonly class: FailureClass;
      readonly status?: number;
      /** For a person: what the merchant's side did. */
      readonly error: string;
      /** A response began, though not as much as its status came. */
      readonly isReached?: true;
      /** The connection was refused: somebody on the way answered, most likely the host itself. */
      readonly hasNoListener?: true;
      /** Whose fault it is that the name gave no address, where that is what went wrong. */
      readonly nameFault?: "theirs" | "ours" | "unclear";
      /** Our own egress proxy could not be used: nobody was asked. */
      readonly proxyFault?: true;
      /** Seconds from the response, as `Retry-After` asks for. */
      readonly retryAfterSeconds?: number;
      /** The merchant does not want this message again: `webhook-delivery: abort-message`. */
      readonly abortsMessage?: true;
    } & ReceivedResponse);

export type NextStep =
  | { readonly kind: "confirm" }
  | { readonly kind: "retry in queue"; readonly delaySeconds: number }
  | { readonly kind: "park"; readonly dueAt: number }
  | { readonly kind: "fail"; readonly failure: Failure };

export interface Situation {
  readonly outcome: AttemptOutcome;
  /** Tries used up so far, by this attempt too if it used up one. */
  readonly attemptCount: number;
  /** The newest attempts, this one last. */
  readonly attempts: readonly Attempt[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Epoch milliseconds after which it is given up. */
  readonly giveUpAt: number;
  /** Whether another failing message may stay in the queue. */
  readonly hasRoomInQueue: boolean;
  /** In [0, 1). */
  readonly random: number;
}

/** Waits of one message that are spent in the queue at most, whatever a merchant's own schedule says. */
export const MAX_WAITS_IN_QUEUE = 3;
/**
 * Milliseconds before the time to give up between which the last attempt is made; the later is left for the way through
 * the queue.
 */
const LAST_ATTEMPT_BEFORE_MS = { earliest: 300_000, latest: 60_000 };

export function nextStep(policy: RetryPolicy, situation: Situation): NextStep {
  const { outcome, attemptCount, now, giveUpAt, hasRoomInQueue } = situation;
  if (outcome.kind === "delivered") return { kind: "confirm" };
  if (outcome.abortsMessage) return givenUp("aborted_by_merchant", ABORTED, outcome.error);
  const wait = waitAfter(policy, outcome, situation);
  if (wait === undefined) {
    const attemptsMade = attemptCount === 1 ? "The only try" : `The last of ${attemptCount} tries`;
    return givenUp("attempts_exhausted", EXHAUSTED, outcome.error, attemptsMade);
  }
  if (now + wait.ms > giveUpAt) {
    const dueAt = lastAttemptAt(situation);
    if (dueAt !== undefined) return { kind: "park", dueAt };
    const until = new Date(giveUpAt).toISOString();
    return givenUp("expired", `The next one would come after ${until}, when it is given up.`, outcome.error);
  }
  const fitsQueue = wait.ms <= policy.inQueueMaxSeconds * 1000 && attemptCount <= MAX_WAITS_IN_QUEUE;
  if (wait.mayBeInQueue && fitsQueue && hasRoomInQueue)
    return { kind: "retry in queue", delaySeconds: Math.max(1, Math.round(wait.ms / 1000)) };
  return { kind: "park", dueAt: now + wait.ms };
}

interface Wait {
  readonly ms: number;
  readonly mayBeInQueue: boolean;
}

/**
 * A wait that was asked for is spent in the table: without counting as an attempt it could hold a place in the queue
 * for days.
 */
function waitAfter(
  policy: RetryPolicy,
  outcome: Extract<AttemptOutcome, { kind: "failed" }>,
  { attemptCount, attempts, random }: Situation,
): Wait | undefined {
  const { retryAfterSeconds } = outcome;
  if (retryAfterSeconds !== undefined && !countsAsAttempt(outcome))
    return { ms: askedWaitMs(policy, retryAfterSeconds, askedInARow(attempts), random), mayBeInQueue: false };
  const scheduledMs = scheduledWaitMs(policy, outcome.class, attemptCount, attempts, random);
  if (scheduledMs === undefined) return undefined;
  if (retryAfterSeconds === undefined)
    return { ms: scheduledMs, mayBeInQueue: CLASS_POLICIES[outcome.class].mayWaitInQueue };
  return { ms: Math.max(scheduledMs, askedWaitMs(policy, retryAfterSeconds, 0, random)), mayBeInQueue: false };
}

/**
 * Spread, so that those with the same time to give up do not come in the same instant. Undefined once it is that late
 * already.
 */
function lastAttemptAt({ now, giveUpAt, random }: Situation): number | undefined {
  const from = giveUpAt - LAST_ATTEMPT_BEFORE_MS.earliest;
  if (now + MIN_WAIT_MS > from) return undefined;
  return Math.round(from + random * (LAST_ATTEMPT_BEFORE_MS.earliest - LAST_ATTEMPT_BEFORE_MS.latest));
}

const ABORTED = "The merchant asked not to be sent it again. If it is wanted after all, put the dead letter back.";
const EXHAUSTED = "Have the merchant mend its endpoint, then put the dead letter back.";

function givenUp(code: Failure["code"], what: string, error: string, attemptsMade = "The last attempt"): NextStep {
  return { kind: "fail", failure: failure(code, `${attemptsMade} failed: ${error}. ${what}`) };
}
