/** Why a transaction is given up by the worker itself, in words for the person who reads the dead letter. */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { type Failure, failure } from "../../transaction/failure.ts";
import { OUR_EGRESS, OUR_WAITS, type WaitReason } from "../../merchant/merchant-health.ts";
import { committedAtOf, type Job } from "../job.ts";
import { strategyOf } from "../order/strategy-of.ts";

const PAUSED: WaitReason = "paused";

/** A row too large to keep its reason, or one that somebody else made fail. */
export const WITHOUT_REASON = failure(
  "row_invalid",
  "The row is FAILED and has no reason: it is too large to keep one, or a producer wrote the state. Write " +
    "it again, smaller and with a higher version.",
);

/** DynamoDB refuses to let the row grow, so no further attempt could be counted on it. */
export function cannotHold(error: string): Failure {
  return failure(
    "row_invalid",
    `The row cannot take the record of an attempt: ${error}. Write it again, smaller and with a higher version.`,
  );
}

/** No condition of the pipeline's holds for the row, though nobody writes to it. */
export const notRecordable = failure(
  "row_invalid",
  `Nothing can be recorded on the row: its ${ATTRIBUTES.confirmationState}, ${ATTRIBUTES.stateVersion} or ` +
    `${ATTRIBUTES.releaseNumber} is not what the pipeline wrote. Put the row again with a higher version and ` +
    "without them.",
);

export function newerSchema(schema: number, receiveCount: number): Failure {
  return failure(
    "message_unreadable",
    `The body has schema ${schema}, and no task knew it in ${receiveCount} receives. Finish the ` +
      "deployment or the roll-back; its transaction is released again from the table.",
  );
}

/** @param giveUpAt epoch milliseconds */
export function expired(giveUpAt: number, job: Job): Failure {
  const { state } = job;
  const until = new Date(giveUpAt).toISOString();
  // An attempt after which the merchant asked for time does not count, but it was made.
  const attempts = Math.max(state.attemptCount, state.attempts.length);
  const attemptsMade = attempts === 0 ? "without one attempt" : `after ${attempts} attempt${attempts === 1 ? "" : "s"}`;
  const { waitedFor = PAUSED } = state;
  const waited = state.waitedFor === undefined ? "" : ` What it waited for last: ${waitedFor}.`;
  const behind = strategyOf(job).expiredNote;
  const committedAt = committedAtOf(job);
  if (attempts === 0 && committedAt !== undefined && giveUpAt <= committedAt)
    return failure(
      "expired_when_written",
      `deliverBy: got ${until}, which was over when the row was written at ` +
        `${new Date(committedAt).toISOString()}. Write it again with a higher version and a later deliverBy.`,
    );
  const isOurs = attempts === 0 && (waitedFor === PAUSED || waitedFor === OUR_EGRESS || OUR_WAITS.has(waitedFor));
  return failure(
    isOurs ? "expired_untried" : "expired",
    `It was to be delivered by ${until} and was given up ${attemptsMade}.${waited}${behind} If it is still ` +
      "wanted, write it again with a higher version.",
  );
}
