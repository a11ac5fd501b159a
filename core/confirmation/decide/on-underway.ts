/**
 * The decisions about a row whose channel is on: something was sent, or may have been, and whoever takes the row up
 * looks at what is known of that before anything is sent again.
 *
 *   a result was told   by a receipt or an acknowledgement: the step goes on with it
 *   202                 its merchant is to acknowledge it; in its time, else it failed
 *   an intent           its receipt is waited for. Of what was sent for as long as the channel says, then it failed. Of
 *                       what may have been sent for as long as the settings say, and then what the operator chose:
 *                       `send again`, or `give up`, and the step failed
 *
 * The same of a channel that was taken away meanwhile: what it may have sent is waited for, and what is told of it
 * holds. It is never used again: where it has not delivered it is left out, and no plan fails for it.
 */
import type { Progress } from "../../aws/statements/progress.ts";
import { TAKEN_AWAY } from "../../channels/choose-channel.ts";
import type { Intent, StepRecord } from "../../channels/steps.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import type { Accepted } from "../../transaction/accepted.ts";
import { withAttempt } from "../../transaction/attempt.ts";
import {
  acknowledgeBy,
  TO_BE_ACKNOWLEDGED,
  UNACKNOWLEDGED,
  withNewest,
} from "../../transaction/row/acknowledgement.ts";
import type { RowState } from "../../transaction/row/row-state.ts";
import { METRICS } from "../../settings/names.ts";
import {
  ended,
  onUncertainOf,
  type PlanStep,
  receiptWithinMs,
  scheduleOf,
  withCurrent,
} from "../channels/plan-step.ts";
import type { Job } from "../job.ts";
import { strategyOf } from "../order/strategy-of.ts";
import type { Moment } from "../order/strategy.ts";
import type { ConfirmationSettings } from "../settings.ts";
import type { EndEffect } from "./effect.ts";
import { UNACKNOWLEDGED_ERROR } from "./on-acknowledgement.ts";
import {
  decideOnReceiptAwaited,
  decideOnStepAttempted,
  decideOnStepDelivered,
  decideOnStepFailed,
  decideOnStepOverdue,
  outcomeOfResult,
} from "./on-step.ts";
import { untried } from "./progress-after.ts";

const UNRECEIPTED_ERROR = "it was sent, and no receipt came in time";
const UNCERTAIN_ERROR = "whoever sent it was ended, or got no response: nobody knows whether it was sent";
/** Milliseconds in which what came of a send is recorded, at the least. */
const RECORD_MS = 5000;
const COUNTED: readonly string[] = [METRICS.unacknowledged];

type Underway =
  | { readonly kind: "effect"; readonly effect: EndEffect }
  /** It is sent again, or its channel is left out: what is known of it now. */
  | { readonly kind: "goes on"; readonly state: RowState };

/** With the channel that is on, which may be none of the recipient's any more. */
export interface PlanUnderway extends PlanStep {
  readonly isTakenAway: boolean;
}

/**
 * @param plan with the channel that the row says is on
 * @param offered what was sent
 * @param withinSeconds in which its merchant acknowledges what it answered with 202. @default none is waited for
 * @returns undefined where nothing of it is on its way
 */
export function decideOnUnderway(
  job: Job,
  plan: PlanUnderway,
  giveUpAt: number,
  offered: Accepted,
  withinSeconds: number | undefined,
  settings: ConfirmationSettings,
  moment: Moment,
): Underway | undefined {
  const { attempts, attemptCount, accepted } = job.state;
  const { current } = plan.steps;
  if (current === undefined) return undefined;
  const known: Progress = { ...untried(job, giveUpAt), ...(accepted !== undefined && { accepted }) };
  const clean = { ...plan, steps: withCurrent(plan.steps, {}) };
  if (current.result !== undefined) {
    const { result } = current;
    if (result.kind === "delivered") {
      const { messageId } = result;
      return effectIs(decideOnStepDelivered(job, clean, known, offered, { messageId }, settings, moment));
    }
    if (plan.isTakenAway) return leftOut(job, clean, known, result.error, moment);
    return effectIs(decideOnStepAttempted(job, clean, known, outcomeOfResult(result), offered, settings, moment));
  }
  const newest = attempts.at(-1);
  if (attemptCount > 0 && newest?.outcome === TO_BE_ACKNOWLEDGED && newest.channel === current.channel) {
    const until = acknowledgeBy(attempts, withinSeconds ?? 0);
    const seen = { ...known, seenSteps: plan.steps };
    if (until > moment.now) return effectIs(strategyOf(job).untilAcknowledged(job, seen, until, settings, moment));
    const outcome = failed(UNACKNOWLEDGED, UNACKNOWLEDGED_ERROR);
    const progress = { ...known, attempts: withNewest(attempts, { outcome: outcome.class, error: outcome.error }) };
    if (plan.isTakenAway) return leftOut(job, clean, progress, outcome.error, moment);
    const next = decideOnStepOverdue(job, clean, progress, outcome, offered, settings, moment);
    return effectIs({ ...next, counts: [...next.counts, ...COUNTED] });
  }
  return current.intent === undefined
    ? undefined
    : onIntent(job, clean, current.intent, known, offered, settings, moment);
}

/** Of a channel that was taken away. @param error why it has not delivered */
function leftOut(
  { state }: Job,
  { steps }: PlanStep,
  { attempts, attemptCount }: Pick<Progress, "attempts" | "attemptCount">,
  error: string,
  { now }: Moment,
): Underway {
  const { current } = steps;
  if (current === undefined) return { kind: "goes on", state };
  const record: StepRecord = {
    channel: current.channel,
    result: "skipped",
    at: now,
    attempts: attemptCount - current.from,
    why: current.why,
    error: `${TAKEN_AWAY}, and the last of it: ${error}`,
  };
  return { kind: "goes on", state: { ...state, attempts, attemptCount, steps: ended(steps, record) } };
}

function onIntent(
  job: Job,
  plan: PlanUnderway,
  intent: Intent,
  known: Progress,
  offered: Accepted,
  settings: ConfirmationSettings,
  moment: Moment,
): Underway {
  const { channel, steps } = plan;
  const { attempts, attemptCount } = job.state;
  const own = attempts.findLast(({ intentId }) => intentId === intent.id);
  const sentMs = own === undefined ? 0 : own.durationMs;
  // Whoever sends it may be at it still, for as long as a send may take.
  const unknownMs = Math.max(plan.receiptWithinMs, settings.deadlineMs + RECORD_MS);
  const withinMs = intent.isSent === true ? (receiptWithinMs(channel) ?? plan.receiptWithinMs) : unknownMs;
  const until = intent.at + sentMs + withinMs;
  if (until > moment.now) {
    const seen = { ...known, seenSteps: steps };
    return effectIs(decideOnReceiptAwaited(job, seen, until, settings, moment));
  }
  if (intent.isSent === true) {
    const outcome = failed("unreceipted", UNRECEIPTED_ERROR);
    const told = attempts.map((attempt) =>
      attempt === own ? { ...attempt, outcome: outcome.class, error: outcome.error } : attempt,
    );
    const progress = { ...known, attempts: told };
    if (plan.isTakenAway) return leftOut(job, plan, progress, outcome.error, moment);
    return effectIs(decideOnStepOverdue(job, plan, progress, outcome, offered, settings, moment));
  }
  const outcome = failed("uncertain", UNCERTAIN_ERROR);
  const attempt = {
    at: intent.at,
    durationMs: 0,
    outcome: outcome.class,
    error: outcome.error,
    channel: channel.id,
    intentId: intent.id,
  };
  const progress = { ...known, attempts: withAttempt(attempts, attempt), attemptCount: attemptCount + 1 };
  if (plan.isTakenAway) return leftOut(job, plan, progress, outcome.error, moment);
  const made = progress.attemptCount - (steps.current?.from ?? 0);
  const isLast = made > scheduleOf(plan, settings.retry.scheduleSeconds).length;
  if (onUncertainOf(plan) === "give up" || isLast || moment.now > known.giveUpAt)
    return effectIs(decideOnStepFailed(job, plan, progress, outcome, offered, settings, moment));
  const { attempts: told, attemptCount: count } = progress;
  return { kind: "goes on", state: { ...job.state, attempts: told, attemptCount: count, steps } };
}

function effectIs(effect: EndEffect): Underway {
  return { kind: "effect", effect };
}

function failed<Class extends "unacknowledged" | "unreceipted" | "uncertain">(
  failureClass: Class,
  error: string,
): AttemptOutcome & { kind: "failed"; class: Class } {
  return { kind: "failed", class: failureClass, error };
}
