/** What is known of a transaction before and after an attempt, as its records write it. */
import type { Progress } from "../../aws/statements/progress.ts";
import type { PreparedCall } from "../../delivery/prepare.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import { countsAsAttempt } from "../../retry/retry-policy.ts";
import type { Accepted } from "../../transaction/accepted.ts";
import { type Attempt, withAttempt } from "../../transaction/attempt.ts";
import { committedAtOf, type Job } from "../job.ts";

/** Nothing has come of it yet. */
export function untried(job: Job, giveUpAt: number): Progress {
  const { attemptCount, attempts, steps } = job.state;
  const progress = { attemptCount, attempts, giveUpAt, committedAt: committedAtOf(job) };
  const known = steps === undefined ? progress : { ...progress, seenSteps: steps };
  return job.isPinned ? { ...known, isPinned: true } : known;
}

/** Of several attempts the first one pins it; the others say the same, in other words at most. */
export function acceptedBy({ state }: Job, { content }: Pick<PreparedCall, "content">): Accepted {
  return state.accepted ?? content;
}

/**
 * @param at when the call began, epoch milliseconds
 * @param intentId of what was sent by a channel. @default no intent of it was recorded
 */
export function progressAfter(
  job: Job,
  call: Pick<PreparedCall, "content">,
  outcome: AttemptOutcome,
  giveUpAt: number,
  at: number,
  tookMs: number,
  intentId?: string,
): Progress {
  const { state, plan } = job;
  const made = attemptOf(outcome, at, tookMs);
  const attempt = plan === undefined ? made : { ...made, channel: plan.channel.id, intentId };
  const progress = {
    attemptCount: state.attemptCount + (countsAsAttempt(attempt) ? 1 : 0),
    attempts: withAttempt(state.attempts, attempt),
    giveUpAt,
    committedAt: committedAtOf(job),
    accepted: acceptedBy(job, call),
  };
  const known = plan === undefined ? progress : { ...progress, steps: plan.steps };
  return job.isPinned ? { ...known, isPinned: true } : known;
}

/** What of an outcome is kept on the row. */
function attemptOf(outcome: AttemptOutcome, at: number, durationMs: number): Attempt {
  const { status, answer: response } = outcome;
  const resends = outcome.isResent === true ? 1 : undefined;
  if (outcome.kind === "delivered") return { at, durationMs, outcome: outcome.kind, status, answer: response, resends };
  const { error, retryAfterSeconds } = outcome;
  return { at, durationMs, outcome: outcome.class, status, error, retryAfterSeconds, answer: response, resends };
}
