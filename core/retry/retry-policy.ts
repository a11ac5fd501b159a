/**
 * The classes in which an attempt fails, and how each is retried. All of them are bounded by the schedule (the
 * merchant's own, else the pipeline's) and by the time to give up. What mends itself follows every wait of the
 * schedule; what a person has to mend takes its waits in pairs: half the attempts over the same days, so that a deploy
 * or a long weekend at the merchant's loses nothing.
 */
import type { Attempt } from "../transaction/attempt.ts";
import { inPairs, type RetryPolicy, spreadMs } from "./retry-schedule.ts";

interface ClassPolicy {
  /** `each`: every wait of the schedule is one. `pairs`: two of them are one. `none`: it is not attempted again. */
  readonly waits: "each" | "pairs" | "none";
  /** Whether short waits may be spent in the queue, of which failing messages may have only a small share. */
  readonly mayWaitInQueue: boolean;
}

export const CLASS_POLICIES = {
  /** No connection, no TLS, or one that broke: a restart, a blip. */
  connection: { waits: "each", mayWaitInQueue: true },
  /** No complete response within the deadline. */
  timeout: { waits: "each", mayWaitInQueue: true },
  /** The merchant's side waited for us too long. */
  status_408: { waits: "each", mayWaitInQueue: true },
  /** Too many calls: coming back within seconds is what it does not want, and there are many of them at once. */
  status_429: { waits: "each", mayWaitInQueue: false },
  status_5xx: { waits: "each", mayWaitInQueue: true },
  /** Any other refusal, 401, 403 and 404 first: a wrong URL, a firewall, or a deploy. */
  status_4xx: { waits: "pairs", mayWaitInQueue: false },
  /** Never followed: the URL must be changed. */
  redirect: { waits: "pairs", mayWaitInQueue: false },
  /** The name has only addresses that must not be called. */
  refused: { waits: "pairs", mayWaitInQueue: false },
  /** The response was 202, and no acknowledgement came in time. It has waited in the table already. */
  unacknowledged: { waits: "each", mayWaitInQueue: false },
  /** Of a channel: the service that sends did not take it, was throttled or did not respond. */
  service: { waits: "each", mayWaitInQueue: false },
  /** Of a channel: nobody knows whether it was sent. */
  uncertain: { waits: "each", mayWaitInQueue: false },
  /** Of a channel: it was sent, and no receipt came in time. */
  unreceipted: { waits: "each", mayWaitInQueue: false },
  /** Of a channel: the recipient cannot be reached there: no such number, opted out, suppressed. */
  recipient: { waits: "none", mayWaitInQueue: false },
  /** Of a channel: nothing can be made of its template for this transaction. */
  template: { waits: "none", mayWaitInQueue: false },
  /** Of a channel: this deployment sends by no such channel. */
  not_enabled: { waits: "none", mayWaitInQueue: false },
} as const satisfies Readonly<Record<string, ClassPolicy>>;

export type FailureClass = keyof typeof CLASS_POLICIES;

const NOT_MODIFIED = 304;

/**
 * A failing status. One outside 100 to 599 counts as 5xx, and one of 3xx that is not known as 300 (RFC 9110, section
 * 15). 304 leads nowhere: it answers a conditional GET (section 15.4.5), so that to a `POST` it is an error of the
 * endpoint, which somebody has to mend.
 */
export function classOfStatus(status: number): FailureClass {
  if (status === NOT_MODIFIED) return "status_4xx";
  if (status >= 300 && status < 400) return "redirect";
  if (status === 408) return "status_408";
  if (status === 429) return "status_429";
  return status >= 400 && status < 500 ? "status_4xx" : "status_5xx";
}

/** Whether it counts as an attempt: not by a merchant that is busy (429) or away (503) and says when to come back. */
export function countsAsAttempt({ status, retryAfterSeconds }: Pick<Attempt, "status" | "retryAfterSeconds">): boolean {
  return retryAfterSeconds === undefined || (status !== 429 && status !== 503);
}

/**
 * @param attemptsCounted the one that just failed included
 * @param attempts those on the row, the one that just failed last
 * @param random in [0, 1)
 * @returns milliseconds, or undefined after the last attempt
 */
export function scheduledWaitMs(
  { scheduleSeconds }: RetryPolicy,
  failureClass: FailureClass,
  attemptsCounted: number,
  attempts: readonly Attempt[],
  random: number,
): number | undefined {
  const { waits } = CLASS_POLICIES[failureClass];
  if (attemptsCounted > scheduleSeconds.length || waits === "none") return undefined;
  const slotSeconds =
    waits === "each"
      ? scheduleSeconds[attemptsCounted - 1]
      : inPairs(scheduleSeconds)[attemptsInPairs(attempts, attemptsCounted) - 1];
  return slotSeconds === undefined ? undefined : spreadMs(slotSeconds, random);
}

/**
 * Counted among the attempts of this opening only: a dead letter that was put back has all its attempts again. Those
 * that the row does not keep any more count as the oldest one that it does.
 */
function attemptsInPairs(attempts: readonly Attempt[], attemptsCounted: number): number {
  const counted = attempts.filter(countsAsAttempt).slice(-attemptsCounted);
  const isInPairs = counted.map(({ outcome }) => policyOf(outcome)?.waits === "pairs");
  const forgotten = isInPairs[0] === true ? attemptsCounted - counted.length : 0;
  return forgotten + isInPairs.filter(Boolean).length;
}

function policyOf(outcome: string): ClassPolicy | undefined {
  return Object.hasOwn(CLASS_POLICIES, outcome) ? CLASS_POLICIES[outcome as FailureClass] : undefined;
}

/**
 * Seconds of the first wait that was asked for, at least; the schedule's own first wait if that is shorter. Doubled
 * each time in a row.
 */
const LEAST_ASKED_SECONDS = 5;
const MOST_DOUBLED_SECONDS = 3600;
/** Those who were told the same time do not come back in the same instant, but up to a quarter later. */
const ASKED_SPREAD = 0.25;

/**
 * The wait that a merchant asked for: never shorter than asked, up to the maximum. A merchant that asks for no time at
 * all again and again, without counting as an attempt, waits longer each time.
 *
 * @param inARow how many attempts ended so without counting as an attempt, this one included; 0 for one that counts
 */
export function askedWaitMs(policy: RetryPolicy, retryAfterSeconds: number, inARow: number, random: number): number {
  const { maxRetryAfterSeconds, scheduleSeconds } = policy;
  const askedSeconds = Math.min(retryAfterSeconds, maxRetryAfterSeconds);
  const firstSeconds = Math.min(LEAST_ASKED_SECONDS, scheduleSeconds[0] ?? LEAST_ASKED_SECONDS);
  const leastSeconds = Math.min(MOST_DOUBLED_SECONDS, firstSeconds * 2 ** (inARow - 1));
  const fromSeconds = Math.max(askedSeconds, leastSeconds);
  const toSeconds = Math.min(fromSeconds * (1 + ASKED_SPREAD), Math.max(fromSeconds, maxRetryAfterSeconds));
  return Math.round(1000 * (fromSeconds + random * (toSeconds - fromSeconds)));
}

/**
 * How many of the newest attempts, one after the other, ended in a wait that was asked for and did not count as an
 * attempt.
 */
export function askedInARow(attempts: readonly Attempt[]): number {
  const lastAttempt = attempts.findLastIndex(countsAsAttempt);
  return attempts.length - 1 - lastAttempt;
}
