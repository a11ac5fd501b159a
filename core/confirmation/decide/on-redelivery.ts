/**
 * The decisions about an attempt at a confirmed row that a job sends again. It is called once, as it was accepted; what
 * came of that is recorded beside the job's mark, and the row stays as it is: no further attempt, no place in an index,
 * no dead letter. Whether it is sent once more is the job's to say. What keeps a call back is a result as well,
 * `turned_away`, so that nothing of it waits here: live traffic has all the room there is.
 */
import { METRICS } from "../../settings/names.ts";
import type { OUR_EGRESS, WaitReason } from "../../merchant/merchant-health.ts";
import { changedFields, contentChanged } from "../../transaction/accepted.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Failure } from "../../transaction/failure.ts";
import { type RedeliveryResult, TURNED_AWAY } from "../../transaction/row/redelivery.ts";
import { isErased } from "../../transaction/row/erased.ts";
import { loweredFailure } from "../../transaction/row/row-failures.ts";
import { highestVersionOf } from "../../transaction/row/row-state.ts";
import type { Progress } from "../../aws/statements/progress.ts";
import type { RedeliveryJob } from "../job.ts";
import { DELETE, effect, giveBack, letGo, type LetGo, type Redeliver } from "./effect.ts";

const MOST_ERROR_CHARACTERS = 300;
const ERASED: readonly string[] = ["what was erased"];

/** Only the highest version, and only what its merchant accepted, under the same `webhook-id`. */
export function redeliverContent(job: RedeliveryJob, row: AttributeMap): Redeliver | undefined {
  const { version } = job.target;
  const highest = highestVersionOf(row);
  if (version < highest) return redeliverUnusable(job, loweredFailure(version, highest));
  const { accepted } = job.state;
  const changed = isErased(row) ? ERASED : accepted === undefined ? [] : changedFields(row, accepted, false);
  return changed.length === 0 ? undefined : redeliverUnusable(job, contentChanged(version, changed));
}

/** It can never be called. */
export function redeliverUnusable(job: RedeliveryJob, { code, reason }: Failure): Redeliver {
  return redelivered(job, { result: code, error: reason });
}

/** Nothing that ends is begun; whoever takes the message next has the same to do. */
export function redeliverBeforeCall(isStopping: boolean): LetGo | undefined {
  return isStopping ? letGo(giveBack(0), { traced: "given back" }) : undefined;
}

/** It was not called, for its merchant's sake or for ours. */
export function redeliverTurnedAway(job: RedeliveryJob, reason: WaitReason | typeof OUR_EGRESS): Redeliver {
  return redelivered(job, { result: TURNED_AWAY, error: reason });
}

/** @param progress with the attempt as its newest */
export function redeliverAfterCall(job: RedeliveryJob, { attempts }: Pick<Progress, "attempts">): Redeliver {
  const { at, outcome = "connection", status, error } = attempts.at(-1) ?? {};
  return redelivered(job, { result: outcome, at, status, error });
}

/** A row that DynamoDB does not let grow. */
export function redeliverBarely(job: RedeliveryJob, { ended }: { readonly ended: RedeliveryResult }): Redeliver {
  const { redelivery } = job;
  return effect("redeliver", { kind: "redelivered", redelivery, ended, isBare: true } as const, DELETE);
}

function redelivered(job: RedeliveryJob, { error, ...rest }: RedeliveryResult): Redeliver {
  const { redelivery } = job;
  const ended = { ...rest, ...(error !== undefined && { error: error.slice(0, MOST_ERROR_CHARACTERS) }) };
  const record = { kind: "redelivered", redelivery, ended, isBare: false } as const;
  const traced = rest.at === undefined ? `redelivery: ${error ?? rest.result}` : undefined;
  return effect("redeliver", record, DELETE, { traced });
}

/** As what it counts once it is recorded. */
export function redeliveryCountedAs({ result }: RedeliveryResult): string {
  if (result === "delivered") return METRICS.redelivered;
  return result === TURNED_AWAY ? METRICS.redeliveryTurnedAway : METRICS.redeliveryFailed;
}
