/**
 * What becomes of a message once its row was read. Whether it is accepted is `judge`'s verdict; the rest follows from
 * the row and the queue where the message was found. Undefined: the row is pending, and goes on to its attempt.
 */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { METRICS } from "../../settings/names.ts";
import { changedFields, contentChanged } from "../../transaction/accepted.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import { readFailure } from "../../transaction/failure.ts";
import { type ConfirmationMessage, sha256 } from "../../transaction/message.ts";
import type { DiscardReason, Verdict } from "../../transaction/judge-message.ts";
import { highestVersionOf } from "../../transaction/row/row-state.ts";
import { reopenedSteps } from "../../transaction/row/steps.ts";
import { loweredFailure } from "../../transaction/row/row-failures.ts";
import type { Job } from "../job.ts";
import { strategyOf } from "../order/strategy-of.ts";
import type { QueueStrategy } from "../order/strategy.ts";
import type { ConfirmationSettings } from "../settings.ts";
import {
  DELETE,
  type DeadLetterAgain,
  doneWith,
  effect,
  giveBack,
  type GiveUp,
  KEEP,
  letGo,
  type LetGo,
  type MoveInOrder,
  type Reopen,
} from "./effect.ts";
import { looksWiped, RESTORED_WITHIN_SECONDS } from "./looks-wiped.ts";
import { forSteps, giveUp } from "./give-up.ts";
import { WITHOUT_REASON } from "./reasons.ts";

/** A row that is gone says nothing more about its message. */
const DISCARDED_AS: Readonly<Record<DiscardReason, LetGo>> = {
  gone: discarded(),
  superseded: discarded(METRICS.superseded),
  confirmed: discarded(METRICS.duplicatesSuppressed),
  failed: discarded(METRICS.duplicatesSuppressed),
  parked: discarded(METRICS.staleReleases),
  "released again": discarded(METRICS.staleReleases),
};

function discarded(...counts: readonly string[]): LetGo {
  return letGo(DELETE, { counts: [METRICS.discarded, ...counts] });
}

export function decideOnDiscard(reason: DiscardReason): LetGo {
  return DISCARDED_AS[reason];
}

/** Of a message that is accepted for a row that is not confirmed. */
export type AcceptedVerdict = Exclude<Verdict, { kind: "discard" } | { kind: "too early" } | { kind: "redeliver" }>;

export function decideOnRow(
  job: Job,
  row: AttributeMap,
  verdict: AcceptedVerdict["kind"],
  queue: Pick<QueueStrategy, "groupOf">,
  settings: ConfirmationSettings,
): LetGo | DeadLetterAgain | Reopen | MoveInOrder | undefined {
  if (verdict === "dead-letter again") return deadLetterAgain(job, row);
  if (verdict === "reopen") {
    const dueKey = strategyOf(job).pendingKey(job, settings);
    const steps = job.state.steps && reopenedSteps(job.state.steps);
    return effect("reopen", { kind: "reopened", dueKey, steps } as const, KEEP);
  }
  const { inFlight, message, orderedGroupId } = job;
  if (looksWiped(row, inFlight.received, message.release, settings.leaseMs))
    return letGo(giveBack(RESTORED_WITHIN_SECONDS), { traced: "waits for what was wiped" });
  if (orderedGroupId === undefined || orderedGroupId === queue.groupOf(inFlight.received)) return undefined;
  return moveInOrder(orderedGroupId, forSteps(job));
}

/** To the end of its ordered group: a dead letter that was put back, or a row that got its key since. */
function moveInOrder(groupId: string, message: ConfirmationMessage): MoveInOrder {
  return effect("move in order", undefined, DELETE, { send: { kind: "to ordered group", groupId, message } });
}

/**
 * A row that was opened again, as its next generation. Undefined: its attempt is due; that of one with an ordering key
 * is due in its group.
 */
export function decideOnReopened(job: Job): MoveInOrder | undefined {
  const { orderedGroupId } = job;
  return orderedGroupId === undefined ? undefined : moveInOrder(orderedGroupId, forSteps(job));
}

/** What a row that was opened again is now. */
export function reopened(job: Job): Job {
  const { deadLettered: _, redelivery: __, ...letter } = job.message;
  const message = { ...letter, release: job.target.release + 1 };
  const { giveUpAt: ___, steps, ...known } = job.state;
  const state = { ...known, state: "PENDING", attemptCount: 0 } as const;
  if (steps === undefined) return { ...job, target: message, message, state, isReopened: true };
  // As they were written with it.
  const left = reopenedSteps(steps);
  const written = { ...left, revision: left.revision + 1 };
  return { ...job, target: message, message, state: { ...state, steps: written }, isReopened: true };
}

/** Only the highest version is delivered, and only what its first attempt offered. */
export function decideOnContent(job: Job, row: AttributeMap): GiveUp | undefined {
  const { version } = job.target;
  const highest = highestVersionOf(row);
  if (version < highest) return giveUp(job, loweredFailure(version, highest));
  const { accepted } = job.state;
  if (accepted === undefined) return undefined;
  const changed = changedFields(row, accepted, false);
  return changed.length === 0 ? undefined : giveUp(job, contentChanged(version, changed));
}

function deadLetterAgain(job: Job, row: AttributeMap): DeadLetterAgain {
  const { inFlight, merchantId, state } = job;
  const message = forSteps(job);
  const failure = readFailure(row[ATTRIBUTES.failure]) ?? WITHOUT_REASON;
  // Put back, it has another message's id, and must not be swallowed as its own repetition.
  const deduplicationId =
    message.deadLettered === true ? sha256(`${inFlight.received.messageId} ${message.release}`) : undefined;
  const { attemptCount } = state;
  return effect("dead letter again", undefined, doneWith(job), {
    traced: "dead letter again",
    send: { kind: "dead letter", message, merchantId, failure, attemptCount, deduplicationId },
  });
}
