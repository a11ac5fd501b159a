/** What becomes of a transaction after its merchant was called: confirmed, attempted again, or given up. */
import type { Progress } from "../../aws/statements/progress.ts";
import type { PreparedCall } from "../../delivery/prepare.ts";
import { OUR_EGRESS } from "../../merchant/merchant-health.ts";
import { type AttemptOutcome, nextStep } from "../../retry/next-step.ts";
import { spreadMs } from "../../retry/retry-schedule.ts";
import { METRICS } from "../../settings/names.ts";
import type { Accepted } from "../../transaction/accepted.ts";
import type { Job } from "../job.ts";
import { strategyOf } from "../order/strategy-of.ts";
import type { Moment } from "../order/strategy.ts";
import type { ConfirmationSettings } from "../settings.ts";
import { urlOf } from "./before-call.ts";
import {
  type Confirm,
  doneWith,
  effect,
  giveBack,
  type GiveUp,
  type Park,
  type RetryInQueue,
  type Stay,
} from "./effect.ts";
import { giveUp } from "./give-up.ts";
import { acceptedBy, untried } from "./progress-after.ts";

/**
 * Seconds, in the mean, after which a call is made again that our own network did not let out, for a schedule without
 * waits.
 */
const EGRESS_WAIT_SECONDS = 5;
const SPARED: readonly string[] = [METRICS.spared];

/** @param delivered what the merchant responded to with 2xx */
export function decideOnDelivered(job: Job, progress: Progress, delivered: Accepted): Confirm {
  return effect("confirm", { kind: "confirmed", progress, delivered } as const, doneWith(job));
}

export interface AfterCall extends Moment {
  /** The merchant wants nothing more at this URL, and that was noted at its health row. */
  readonly isUrlDisabled: boolean;
  /** Whether a failed message of it may wait in the queue. */
  readonly hasRoomInQueue: boolean;
}

/** @param after with `now` by the clock as it was when the call began: it may have been put wrong since */
export function decideAfterCall(
  job: Job,
  call: PreparedCall,
  outcome: AttemptOutcome,
  progress: Progress,
  after: AfterCall,
  settings: ConfirmationSettings,
): Confirm | RetryInQueue | Park | Stay | GiveUp {
  const { merchant } = call;
  if (after.isUrlDisabled && outcome.kind === "failed" && outcome.abortsMessage !== true) {
    const wait = { merchant, progress, reason: "url disabled", url: urlOf(call) } as const;
    return strategyOf(job).forMerchant(job, wait, settings, after);
  }
  const { hasRoomInQueue, now, random } = after;
  const { retryScheduleSeconds: scheduleSeconds = settings.retry.scheduleSeconds } = merchant;
  const retry = { ...settings.retry, scheduleSeconds };
  const step = nextStep(retry, { outcome, ...progress, now, hasRoomInQueue, random });
  if (step.kind === "confirm") return decideOnDelivered(job, progress, call.content);
  if (step.kind === "retry in queue") return retryInQueue(progress, step.delaySeconds);
  if (step.kind === "park") return strategyOf(job).until(job, progress, step.dueAt, settings);
  return giveUp(job, step.failure, { ...job.state, ...progress });
}

function retryInQueue(progress: Progress, delaySeconds: number): RetryInQueue {
  return effect("retry in queue", { kind: "attempted", progress, delaySeconds } as const, giveBack(delaySeconds));
}

/**
 * Our own network did not let the call out: for a moment, and no attempt is counted. What was offered may be
 * acknowledged from now on: of a plan its channel is told, so that it is taken for that step and not for all of them.
 */
export function decideOnOurEgress(
  job: Job,
  call: PreparedCall,
  giveUpAt: number,
  settings: ConfirmationSettings,
  { now, random }: Moment,
): Park | Stay {
  const known = { ...untried(job, giveUpAt), accepted: acceptedBy(job, call) };
  const progress = job.plan === undefined ? known : { ...known, steps: job.plan.steps };
  const dueAt = now + spreadMs(settings.retry.scheduleSeconds[0] ?? EGRESS_WAIT_SECONDS, random);
  const wait = strategyOf(job).until(job, progress, Math.min(dueAt, giveUpAt), settings, OUR_EGRESS);
  return { ...wait, counts: SPARED, traced: OUR_EGRESS };
}
