/**
 * The decisions about one step of a plan, once something is known of it:
 *
 *   delivered   fallback: confirmed. all: on to the next channel; confirmed after the last
 *   failed      attempted again by the channel's own schedule, until that is over or no attempt would help. Then
 *               fallback: on to the next channel; given up after the last. all: given up, and a redrive goes on here
 *   not sent    waits, and counts as no attempt; so does what is kept back. fallback: not for ever (`kept-back.ts`)
 *   sent        waits for its receipt; as `uncertain` does, of which nobody knows whether it was sent
 *
 * Whatever ends a step is one record, and going on is another message: nothing waits in the queue, and whoever dies in
 * between leaves a row that says what is done.
 */
import type { Progress } from "../../aws/statements/progress.ts";
import { CHANNEL_WAITS } from "../../channels/channel-waits.ts";
import type { ChannelChoice } from "../../channels/choose-channel.ts";
import type { CurrentStep, StepRecord, StepResult, Steps } from "../../channels/steps.ts";
import { type AttemptOutcome, nextStep } from "../../retry/next-step.ts";
import { countsAsAttempt, type FailureClass } from "../../retry/retry-policy.ts";
import type { Accepted } from "../../transaction/accepted.ts";
import { type Failure, failure } from "../../transaction/failure.ts";
import { ended, type PlanStep, type Plan, scheduleOf, withCurrent, withSkipped } from "../channels/plan-step.ts";
import type { PreparedCall } from "../../delivery/prepare.ts";
import { spreadMs } from "../../retry/retry-schedule.ts";
import { METRICS } from "../../settings/names.ts";
import { withNewest } from "../../transaction/row/acknowledgement.ts";
import { TO_BE_RECEIPTED } from "../../transaction/row/told-step.ts";
import type { Job, StepJob } from "../job.ts";
import { strategyOf } from "../order/strategy-of.ts";
import type { MerchantWait, Moment } from "../order/strategy.ts";
import type { ConfirmationSettings } from "../settings.ts";
import { urlOf } from "./before-call.ts";
import { type Confirm, doneWith, effect, type GiveUp, type Intend, KEEP, type Park, type Stay } from "./effect.ts";
import { giveUp } from "./give-up.ts";
import { attemptsMs, judgeKeptBack, patienceMsOf, SHORT_PATIENCE_MS } from "./kept-back.ts";
import { untried } from "./progress-after.ts";

/** Classes of failures that no recipient can do anything about. */
const OURS: ReadonlySet<string> = new Set<FailureClass>(["service", "template", "not_enabled", "uncertain"]);
/** Seconds, in the mean, after which a channel is looked at again whose circuit or room kept a message back. */
const CLOSED_WAIT_SECONDS = 30;
const WAITING: readonly string[] = [METRICS.waiting];

/** What is known of a step, for its record. */
interface StepEnd {
  readonly messageId?: string | undefined;
  /** The response to it, 4 KB of text at most. */
  readonly response?: string | undefined;
}

type StepEffect = Confirm | GiveUp | Park | Stay;

/** @param progress with its attempt as the newest @param offered what was sent */
export function decideOnStepDelivered(
  job: Job,
  plan: PlanStep,
  progress: Progress,
  offered: Accepted,
  { messageId, response }: StepEnd,
  settings: ConfirmationSettings,
  moment: Moment,
): StepEffect {
  const record = {
    ...recordOf(plan, progress, "delivered", moment),
    ...(messageId !== undefined && { messageId }),
    ...(plan.kind === "all" && response !== undefined && { response }),
  };
  const steps = ended(plan.steps, record);
  if (plan.kind === "fallback") return confirmed(job, { ...progress, steps }, offered);
  return decideOnChoice(job, plan, progress, steps, plan.choose(steps), offered, settings, moment);
}

/** @param error what went wrong, for a person */
export function decideOnStepFailed(
  job: Job,
  plan: PlanStep,
  progress: Progress,
  failed: Pick<AttemptOutcome & { kind: "failed" }, "class" | "error">,
  offered: Accepted,
  settings: ConfirmationSettings,
  moment: Moment,
): StepEffect {
  const record = {
    ...recordOf(plan, progress, "failed", moment),
    class: failed.class,
    error: failed.error,
  };
  const steps = ended(plan.steps, record);
  if (plan.kind === "all") return given(job, progress, steps, stepFailure(record));
  return decideOnChoice(job, plan, progress, steps, plan.choose(steps), offered, settings, moment);
}

/** Attempted again by schedule, else the step has failed. */
export function decideOnStepAttempted(
  job: Job,
  plan: PlanStep,
  progress: Progress,
  outcome: AttemptOutcome & { kind: "failed" },
  offered: Accepted,
  settings: ConfirmationSettings,
  moment: Moment,
): StepEffect {
  const { channel, steps } = plan;
  const attempts = progress.attempts.filter((attempt) => attempt.channel === channel.id);
  const attemptCount = progress.attemptCount - (steps.current?.from ?? 0);
  const retry = { ...settings.retry, scheduleSeconds: scheduleOf(plan, settings.retry.scheduleSeconds) };
  const { giveUpAt } = progress;
  const step = nextStep(retry, { outcome, attemptCount, attempts, giveUpAt, ...moment, hasRoomInQueue: false });
  if (step.kind !== "park") return decideOnStepFailed(job, plan, progress, outcome, offered, settings, moment);
  if (!countsAsAttempt(outcome))
    return decideOnAskedForTime(job, plan, progress, outcome, step.dueAt, offered, settings, moment);
  return strategyOf(job).until(job, { ...progress, steps: withCurrent(steps, {}) }, step.dueAt, settings);
}

/** Who answers that he is busy, and when to come back, would else keep a plan for as long as he does. */
function decideOnAskedForTime(
  job: Job,
  plan: PlanStep,
  progress: Progress,
  { error }: AttemptOutcome & { kind: "failed" },
  dueAt: number,
  offered: Accepted,
  settings: ConfirmationSettings,
  moment: Moment,
): StepEffect {
  const { now } = moment;
  const steps = withCurrent(plan.steps, keptSoFar(plan.steps));
  const clean = { ...plan, steps };
  const keeping = { why: error, patienceMs: attemptsMs(plan, settings), lastsMs: dueAt - now };
  const kept = judgeKeptBack(clean, keeping, progress, now);
  if (kept.kind === "passed over")
    return decideOnChoice(job, clean, progress, kept.steps, kept.choice, offered, settings, moment);
  return strategyOf(job).until(job, { ...progress, steps: kept.steps ?? steps }, dueAt, settings);
}

/**
 * What was not acknowledged, or came with no receipt in its time: where another channel can be used, that comes next;
 * else it is attempted again.
 */
export function decideOnStepOverdue(
  job: Job,
  plan: PlanStep,
  progress: Progress,
  outcome: AttemptOutcome & { kind: "failed" },
  offered: Accepted,
  settings: ConfirmationSettings,
  moment: Moment,
): StepEffect {
  return hasOther(plan, progress, moment)
    ? decideOnStepFailed(job, plan, progress, outcome, offered, settings, moment)
    : decideOnStepAttempted(job, plan, progress, outcome, offered, settings, moment);
}

/** By a webhook. @param isUrlDisabled it wants no more at this URL, and that was noted at its health row */
export function decideOnWebhookStep(
  job: Job,
  plan: PlanStep,
  call: PreparedCall,
  outcome: AttemptOutcome,
  progress: Progress,
  isUrlDisabled: boolean,
  settings: ConfirmationSettings,
  moment: Moment,
): StepEffect {
  const { content, merchant } = call;
  if (outcome.kind === "delivered") {
    const { response } = outcome;
    return decideOnStepDelivered(job, plan, progress, content, { response }, settings, moment);
  }
  if (!isUrlDisabled || outcome.abortsMessage === true)
    return decideOnStepAttempted(job, plan, progress, outcome, content, settings, moment);
  if (hasOther(plan, progress, moment))
    return decideOnStepFailed(job, plan, progress, outcome, content, settings, moment);
  return strategyOf(job).forMerchant(
    job,
    { merchant, progress, reason: "url disabled", url: urlOf(call) },
    settings,
    moment,
  );
}

/**
 * Its channel is not used just now: its circuit, its room, an address that is not verified, a secret. Never for a
 * pause, which is of all channels.
 */
export function decideOnChannelClosed(
  job: StepJob,
  giveUpAt: number,
  wait: Omit<MerchantWait, "progress">,
  offered: Accepted,
  settings: ConfirmationSettings,
  moment: Moment,
): StepEffect {
  const { plan } = job;
  const { reason } = wait;
  const { now, random } = moment;
  const known = untried(job, giveUpAt);
  const kept = judgeKeptBack(plan, { why: reason, patienceMs: patienceMsOf(reason, plan, settings) }, known, now);
  if (kept.kind === "passed over")
    return decideOnChoice(job, plan, known, kept.steps, kept.choice, offered, settings, moment);
  const progress = kept.steps === undefined ? known : { ...known, steps: kept.steps };
  const { lookAt } = kept;
  if (plan.channel.kind === "webhook")
    return strategyOf(job).forMerchant(job, { ...wait, progress, lookAt }, settings, moment);
  // Nothing is noted, as nobody else waits for it.
  const dueAt = Math.min(now + spreadMs(CLOSED_WAIT_SECONDS, random), giveUpAt, Math.max(now, lookAt));
  return { ...strategyOf(job).until(job, progress, dueAt, settings, reason), counts: WAITING, traced: reason };
}

/** What is about to be sent is recorded. */
export function decideOnIntent(progress: Progress): Intend {
  return effect("intend", { kind: "intended", progress } as const, KEEP);
}

/** It was sent, and the channel's receipt says whether it was delivered. @param withinMs from now on */
export function decideOnSent(
  job: Job & { readonly plan: PlanStep },
  progress: Progress,
  withinMs: number,
  settings: ConfirmationSettings,
  moment: Moment,
): Park | Stay {
  const { intent } = job.plan.steps.current ?? {};
  const sent = intent === undefined ? {} : { intent: { ...intent, isSent: true as const } };
  const steps = withCurrent(job.plan.steps, sent);
  const attempts = withNewest(progress.attempts, { outcome: TO_BE_RECEIPTED });
  const wait = decideOnReceiptAwaited(job, { ...progress, attempts, steps }, moment.now + withinMs, settings, moment);
  return { ...wait, traced: TO_BE_RECEIPTED };
}

/** Nothing was sent, for a reason of our own account. @param error which, for a person */
export function decideOnNotSent(
  job: Job,
  plan: PlanStep,
  progress: Progress,
  { error, waitSeconds }: { readonly error: string; readonly waitSeconds: number },
  offered: Accepted,
  settings: ConfirmationSettings,
  moment: Moment,
): StepEffect {
  const { now } = moment;
  const lastsMs = waitSeconds * 1000;
  const steps = withCurrent(plan.steps, keptSoFar(plan.steps));
  const clean = { ...plan, steps };
  const kept = judgeKeptBack(clean, { why: error, patienceMs: SHORT_PATIENCE_MS, lastsMs }, progress, now);
  if (kept.kind === "passed over")
    return decideOnChoice(job, clean, progress, kept.steps, kept.choice, offered, settings, moment);
  const dueAt = Math.max(now, Math.min(now + lastsMs, progress.giveUpAt, kept.lookAt));
  const known = { ...progress, steps: kept.steps ?? steps };
  return strategyOf(job).until(job, known, dueAt, settings, CHANNEL_WAITS.quota);
}

function keptSoFar({ current }: Steps): Pick<CurrentStep, "keptSince"> {
  const keptSince = current?.keptSince;
  return keptSince === undefined ? {} : { keptSince };
}

/** It was sent and its receipt is to come, or nobody knows whether it was. @param until epoch milliseconds */
export function decideOnReceiptAwaited(
  job: Job,
  progress: Progress,
  until: number,
  settings: ConfirmationSettings,
  moment: Moment,
): Park | Stay {
  return strategyOf(job).untilAcknowledged(job, progress, until, settings, moment, CHANNEL_WAITS.receipt);
}

/** No channel is on: by which it goes on, whether it waits for one, or what the end of its plan is. */
export function decideOnChoice(
  job: Job,
  plan: Plan,
  progress: Progress,
  before: Steps,
  choice: ChannelChoice,
  offered: Accepted,
  settings: ConfirmationSettings,
  moment: Moment,
): StepEffect {
  const steps = withSkipped(before, choice.skipped, moment.now);
  const known = { ...progress, steps };
  const { now } = moment;
  if (choice.kind === "use") return strategyOf(job).until(job, known, now, settings);
  if (choice.kind === "wait") {
    const until = Math.min(choice.until, Math.max(now, progress.giveUpAt));
    return strategyOf(job).until(job, known, until, settings, CHANNEL_WAITS.hours);
  }
  const failed = steps.done.find(({ result }) => result === "failed");
  const isDelivered = steps.done.some(({ result }) => result === "delivered");
  if (isDelivered && (plan.kind === "fallback" || failed === undefined)) return confirmed(job, known, offered);
  if (plan.kind === "all" && failed !== undefined) return given(job, progress, steps, stepFailure(failed));
  return given(job, progress, steps, exhausted(steps, choice.why));
}

/** Whether another channel can be used once this one has failed. */
function hasOther(plan: PlanStep, progress: Progress, moment: Moment): boolean {
  const record = recordOf(plan, progress, "failed", moment);
  return plan.kind === "fallback" && plan.choose(ended(plan.steps, record)).kind !== "none";
}

function confirmed(job: Job, progress: Progress, offered: Accepted): Confirm {
  return effect("confirm", { kind: "confirmed", progress, delivered: offered } as const, doneWith(job));
}

function given(job: Job, progress: Progress, steps: Steps, why: Failure): GiveUp {
  return giveUp(job, why, { ...job.state, ...progress, steps });
}

function recordOf(
  { channel, steps }: PlanStep,
  { attemptCount }: Progress,
  result: StepRecord["result"],
  { now }: Moment,
): StepRecord {
  const { from = 0, why } = steps.current ?? {};
  return { channel: channel.id, result, at: now, attempts: attemptCount - from, ...(why !== undefined && { why }) };
}

/** As an outcome of its attempt. */
export function outcomeOfResult(result: StepResult & { kind: "failed" }): AttemptOutcome & { kind: "failed" } {
  return { kind: "failed", class: result.class, error: result.error };
}

function stepFailure(record: StepRecord): Failure {
  const isOurs = OURS.has(record.class ?? "");
  return failure(
    isOurs ? "channels_unavailable" : "channel_failed",
    `The step ${told(record)}. What was done before it is not done again: mend that, then put the dead letter back, ` +
      "and it goes on at this step.",
  );
}

function exhausted({ done }: Steps, why: string): Failure {
  const failed = done.filter(({ result }) => result === "failed");
  const isOurs = failed.length > 0 && failed.every((record) => OURS.has(record.class ?? ""));
  const what =
    failed.length === 0 ? why : `Each of its channels failed or does not apply. ${done.map(told).join("; ")}`;
  return failure(
    isOurs ? "channels_unavailable" : "channels_exhausted",
    `${what}. Mend what they say, then put the dead letter back: it begins with the first channel again.`,
  );
}

function told({ channel, result, error, class: failureClass }: StepRecord): string {
  const what = failureClass === undefined ? (error ?? "") : `${failureClass}, ${error ?? ""}`;
  return `${channel} ${result === "skipped" ? "was left out" : result}${what === "" ? "" : ` (${what.slice(0, 200)})`}`;
}
