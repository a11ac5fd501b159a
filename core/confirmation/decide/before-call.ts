/** Whether a call that was prepared is made now: in time, due, and by a task that goes on. */
import type { PreparedCall } from "../../delivery/prepare.ts";
import { METRICS } from "../../settings/names.ts";
import { committedAtOf, type Job } from "../job.ts";
import { strategyOf } from "../order/strategy-of.ts";
import type { MerchantWait, Moment } from "../order/strategy.ts";
import type { ConfirmationSettings } from "../settings.ts";
import {
  effect,
  giveBack,
  giveBackUntil,
  type GiveUp,
  LEAVE,
  letGo,
  type LetGo,
  type Park,
  type Stay,
} from "./effect.ts";
import { giveUp } from "./give-up.ts";
import { untried } from "./progress-after.ts";
import { expired } from "./reasons.ts";

/** When it is given up, epoch milliseconds, where neither its producer nor an attempt has said so. */
export function giveUpAtOf(job: Job, now: number, { deliverWithinMs }: ConfirmationSettings): number {
  // Nothing is delivered before it was written, whatever a clock says that is behind.
  const from = Math.max(strategyOf(job).deliverFrom(job.inFlight.received, now), committedAtOf(job) ?? 0);
  // It is attempted once all the same.
  return Math.max(now, from + deliverWithinMs);
}

/** @returns undefined where it may be called, if its merchant's health row lets it */
export function decideBeforeCall(
  job: Job,
  giveUpAt: number,
  now: number,
  isStopping: boolean,
): LetGo | GiveUp | Stay | undefined {
  // First of all: a wrong clock must not say that its time is over.
  if (isStopping) return letGo(giveBack(0), { traced: "given back" });
  if (now > giveUpAt) return giveUp(job, expired(giveUpAt, job));
  const notBefore = strategyOf(job).notBefore(job);
  // Later than it is given up is no time of ours.
  if (notBefore > now && notBefore <= giveUpAt)
    return effect("stay", undefined, giveBackUntil(notBefore), { traced: "not due yet" });
  return undefined;
}

/** It was not called for its merchant's sake, or for want of what this merchant alone needs. */
export function decideOnTurnedAway(
  job: Job,
  giveUpAt: number,
  wait: Omit<MerchantWait, "progress">,
  settings: ConfirmationSettings,
  moment: Moment,
): Park | Stay {
  return strategyOf(job).forMerchant(job, { ...wait, progress: untried(job, giveUpAt) }, settings, moment);
}

const NO_TIME_LEFT = letGo(LEAVE, { counts: [METRICS.leftInQueue], traced: "left in the queue" });

/** Its visibility or a wrong clock kept it from being called: it comes again by itself. */
export function decideOnNoTime(): LetGo {
  return NO_TIME_LEFT;
}

/** Its time ended while it waited to be called. */
export function decideOnLate(job: Job, giveUpAt: number): GiveUp {
  return giveUp(job, expired(giveUpAt, job));
}

export function urlOf({ destination }: PreparedCall): string {
  return destination.origin + destination.path;
}
