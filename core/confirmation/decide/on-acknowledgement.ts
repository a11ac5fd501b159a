/**
 * The decisions about a transaction that its merchant acknowledges later: once it answered 202, and once somebody takes
 * the message up that comes when its time is over. That nothing came in time is one failed attempt, whose call was made
 * before: nobody is called for it, and no circuit hears of it. A transaction that was acknowledged meanwhile is
 * confirmed, and its messages are stale; so that it never comes here.
 */
import type { Progress } from "../../aws/statements/progress.ts";
import type { MerchantAcknowledgement } from "../../merchant/acknowledgement.ts";
import type { Merchant } from "../../merchant/merchant.ts";
import { nextStep } from "../../retry/next-step.ts";
import { METRICS } from "../../settings/names.ts";
import { failure } from "../../transaction/failure.ts";
import {
  acknowledgeBy,
  TO_BE_ACKNOWLEDGED,
  UNACKNOWLEDGED,
  withNewest,
} from "../../transaction/row/acknowledgement.ts";
import { committedAtOf, isRedelivered, type Job } from "../job.ts";
import { strategyOf } from "../order/strategy-of.ts";
import type { Moment } from "../order/strategy.ts";
import type { ConfirmationSettings } from "../settings.ts";
import { giveBack, type GiveUp, letGo, type LetGo, type Park, type Stay } from "./effect.ts";
import { giveUp } from "./give-up.ts";

const COUNTED: readonly string[] = [METRICS.unacknowledged];
export const UNACKNOWLEDGED_ERROR = "the endpoint answered 202 and did not acknowledge it in time";

/** @param progress with the attempt that was answered with 202 as its newest */
export function decideOnAccepted(
  job: Job,
  progress: Progress,
  { withinSeconds }: MerchantAcknowledgement,
  settings: ConfirmationSettings,
  moment: Moment,
): Park | Stay {
  const attempts = withNewest(progress.attempts, { outcome: TO_BE_ACKNOWLEDGED });
  const until = acknowledgeBy(attempts, withinSeconds);
  const wait = strategyOf(job).untilAcknowledged(job, { ...progress, attempts }, until, settings, moment);
  return { ...wait, traced: TO_BE_ACKNOWLEDGED };
}

/**
 * Whether what comes next is to say that nothing came in time, and no call: by the newest attempt, whatever the row has
 * waited for since. One that was opened again has no attempts that count.
 */
export function isAwaited(job: Job): boolean {
  const { attemptCount, attempts } = job.state;
  return attemptCount > 0 && attempts.at(-1)?.outcome === TO_BE_ACKNOWLEDGED && !isRedelivered(job);
}

/** @param giveUpAt bounds what is attempted: it is waited for as long as its merchant has, whatever that is */
export function decideOnAwaited(
  job: Job,
  { acknowledgement, retryScheduleSeconds }: Merchant,
  giveUpAt: number,
  isStopping: boolean,
  settings: ConfirmationSettings,
  moment: Moment,
): LetGo | Park | Stay | GiveUp {
  // A wrong clock must not say that its time is over.
  if (isStopping) return letGo(giveBack(0), { traced: "given back" });
  const { attemptCount, attempts, accepted } = job.state;
  const known = {
    attemptCount,
    giveUpAt,
    committedAt: committedAtOf(job),
    ...(accepted !== undefined && { accepted }),
  };
  const until = acknowledgeBy(attempts, acknowledgement?.withinSeconds ?? 0);
  if (until > moment.now)
    return strategyOf(job).untilAcknowledged(job, { ...known, attempts }, until, settings, moment);
  const outcome = { kind: "failed", class: UNACKNOWLEDGED, error: UNACKNOWLEDGED_ERROR } as const;
  const progress = { ...known, attempts: withNewest(attempts, { outcome: outcome.class, error: outcome.error }) };
  const retry = { ...settings.retry, scheduleSeconds: retryScheduleSeconds ?? settings.retry.scheduleSeconds };
  const step = nextStep(retry, { outcome, ...progress, ...moment, hasRoomInQueue: false });
  if (step.kind === "park")
    return { ...strategyOf(job).until(job, progress, step.dueAt, settings), counts: COUNTED, traced: UNACKNOWLEDGED };
  return { ...giveUp(job, unacknowledged(attemptCount), { ...job.state, ...progress }), counts: COUNTED };
}

function unacknowledged(attemptCount: number) {
  const attempts = attemptCount === 1 ? "the only attempt" : `the last of ${attemptCount} attempts`;
  return failure(
    "unacknowledged",
    `The endpoint answered 202 to ${attempts} and did not acknowledge it in time. It may have it: what it ` +
      "acknowledges later is confirmed still. If it is to be sent again, put the dead letter back.",
  );
}
