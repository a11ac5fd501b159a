/**
 * The decisions about an attempt, by what its row is: on its way, or confirmed and sent again by a job. Both take the
 * same path to their merchant.
 */
import type { Progress } from "../../aws/statements/progress.ts";
import type { PreparedCall } from "../../delivery/prepare.ts";
import { OUR_EGRESS } from "../../merchant/merchant-health.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import type { Accepted } from "../../transaction/accepted.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Failure } from "../../transaction/failure.ts";
import { isRedelivered, type Job } from "../job.ts";
import type { MerchantWait, Moment } from "../order/strategy.ts";
import type { ConfirmationSettings } from "../settings.ts";
import { type AfterCall, decideAfterCall, decideOnDelivered, decideOnOurEgress } from "./after-call.ts";
import { decideBeforeCall, decideOnTurnedAway } from "./before-call.ts";
import type { EndEffect } from "./effect.ts";
import { giveUp } from "./give-up.ts";
import {
  redeliverAfterCall,
  redeliverBeforeCall,
  redeliverContent,
  redeliverTurnedAway,
  redeliverUnusable,
} from "./on-redelivery.ts";
import { decideOnContent } from "./on-row.ts";

export const onAttempt = {
  content: (job: Job, row: AttributeMap): EndEffect | undefined =>
    isRedelivered(job) ? redeliverContent(job, row) : decideOnContent(job, row),

  unusable: (job: Job, failure: Failure): EndEffect =>
    isRedelivered(job) ? redeliverUnusable(job, failure) : giveUp(job, failure),

  beforeCall: (job: Job, giveUpAt: number, now: number, isStopping: boolean): EndEffect | undefined =>
    isRedelivered(job) ? redeliverBeforeCall(isStopping) : decideBeforeCall(job, giveUpAt, now, isStopping),

  turnedAway: (
    job: Job,
    giveUpAt: number,
    wait: Omit<MerchantWait, "progress">,
    settings: ConfirmationSettings,
    moment: Moment,
  ): EndEffect =>
    isRedelivered(job)
      ? redeliverTurnedAway(job, wait.reason)
      : decideOnTurnedAway(job, giveUpAt, wait, settings, moment),

  delivered: (job: Job, progress: Progress, delivered: Accepted): EndEffect =>
    isRedelivered(job) ? redeliverAfterCall(job, progress) : decideOnDelivered(job, progress, delivered),

  afterCall: (
    job: Job,
    call: PreparedCall,
    outcome: AttemptOutcome,
    progress: Progress,
    after: AfterCall,
    settings: ConfirmationSettings,
  ): EndEffect =>
    isRedelivered(job)
      ? redeliverAfterCall(job, progress)
      : decideAfterCall(job, call, outcome, progress, after, settings),

  ourEgress: (
    job: Job,
    call: PreparedCall,
    giveUpAt: number,
    settings: ConfirmationSettings,
    moment: Moment,
  ): EndEffect =>
    isRedelivered(job)
      ? redeliverTurnedAway(job, OUR_EGRESS)
      : decideOnOurEgress(job, call, giveUpAt, settings, moment),
} as const;
