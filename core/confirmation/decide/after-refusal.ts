/**
 * What becomes of a record that its row refused: somebody wrote to the row meanwhile (`condition failed`), or DynamoDB
 * never takes it, mostly as the row is full (`rejected`).
 */
import { contentChanged } from "../../transaction/accepted.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Progress } from "../../aws/statements/progress.ts";
import { METRICS } from "../../settings/names.ts";
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { rowStateOf } from "../../transaction/row/row-state.ts";
import { versionOf } from "../../transaction/transaction.ts";
import { isRedelivered, type Job } from "../job.ts";
import type { Recorded } from "../ports.ts";
import {
  type Confirm,
  doneWith,
  effect,
  type EndEffect,
  giveBack,
  type GiveUp,
  letGo,
  type LetGo,
  type Pin,
} from "./effect.ts";
import { giveUp } from "./give-up.ts";
import { redeliverBarely } from "./on-redelivery.ts";
import { cannotHold } from "./reasons.ts";
import { judgeRewritten } from "./rewritten.ts";
import type { BarelyRecord, DeliveryRecord, FailedRecord, RowRecord } from "./row-record.ts";

/** Seconds after which a message is looked at again whose row somebody writes to. */
const LOOK_AGAIN = letGo(giveBack(2), { traced: "given back" });

export type Refusal = Exclude<Recorded, { kind: "written" }>;

/** A 2xx whose row was written to meanwhile. @param row as it is now */
export function decideOnRewritten(
  job: Job,
  row: AttributeMap | undefined,
  { progress, delivered }: DeliveryRecord,
): Confirm | GiveUp | LetGo {
  const { version, release } = job.target;
  const found = judgeRewritten(row, version, progress.accepted ?? delivered, progress.attempts);
  if (found.kind === "over") return letGo(doneWith(job));
  // Its merchant accepted it all the same, and nobody else counts it.
  if (found.kind === "replaced" || found.kind === "recorded")
    return letGo(doneWith(job), { counts: [METRICS.confirmed] });
  if (found.kind === "elsewhere")
    return effect("confirm", { kind: "confirmed too", progress, delivered } as const, doneWith(job));
  if (found.kind === "same")
    return effect(
      "confirm",
      { kind: "confirmed as seen", progress, delivered, row: found.row } as const,
      doneWith(job),
    );
  const failure = contentChanged(version, found.changed);
  const heardAt = Math.max(release, rowStateOf(found.row).release);
  const { accepted } = found;
  const record = {
    kind: "content changed",
    progress,
    delivered,
    row: found.row,
    accepted,
    failure,
    release: heardAt,
  } as const;
  const { attemptCount } = job.state;
  const message = { ...job.message, release: heardAt };
  const { merchantId } = job;
  return effect("give up", record, doneWith(job), {
    send: { kind: "dead letter", message, merchantId, failure, attemptCount, deduplicationId: undefined },
    givenUp: { failure, state: job.state },
  });
}

/** Of a 2xx only what can never be recorded; `decideOnRewritten` has the rest. */
export function decideOnRefusal(job: Job, record: RowRecord, refusal: Refusal): EndEffect {
  switch (record.kind) {
    case "confirmed":
    case "confirmed as seen":
    case "confirmed too":
      return effect("confirm", { kind: "barely", state: "CONFIRMED", instead: record } as const, doneWith(job));
    case "shadowed":
      // Somebody wrote to the row: it is judged anew.
      if (refusal.kind === "condition failed") return LOOK_AGAIN;
      return effect("shadow", { kind: "barely", state: "CONFIRMED", instead: record } as const, doneWith(job));
    case "content changed":
      return failBarely(job, record, { failure: record.failure, state: job.state });
    case "failed":
      if (refusal.kind === "rejected") return failBarely(job, record, record);
      return record.state.steps === undefined ? pinned(job, record.state) : LOOK_AGAIN;
    case "barely":
      return afterBarely(job, record, refusal);
    case "attempted":
    case "parked":
    case "stays":
    case "intended": {
      // A row that cannot take one more record could be attempted for ever: it is given up.
      const { steps, seenSteps, ...progress } = record.progress;
      if (refusal.kind === "rejected") return giveUp(job, cannotHold(refusal.error), { ...job.state, ...progress });
      // Somebody wrote its steps: the message may still be the row's own, and is judged anew.
      return steps === undefined && seenSteps === undefined ? pinned(job, progress) : LOOK_AGAIN;
    }
    case "redelivered":
      if (refusal.kind === "rejected" && !record.isBare && isRedelivered(job)) return redeliverBarely(job, record);
      break;
    case "noted":
      return LOOK_AGAIN;
    case "reopened":
    case "pinned":
    case "quarantined":
      break;
  }
  return letGo(doneWith(job));
}

function failBarely(job: Job, instead: DeliveryRecord | FailedRecord, givenUp: GiveUp["givenUp"]): GiveUp {
  return effect("give up", { kind: "barely", state: "FAILED", instead } as const, doneWith(job), { givenUp });
}

/** The row did not take as little as that either. */
function afterBarely(job: Job, { instead }: BarelyRecord, refusal: Refusal): GiveUp | LetGo | Pin {
  if (instead.kind !== "failed" && instead.kind !== "content changed") return letGo(doneWith(job));
  if (instead.kind === "failed" && refusal.kind === "condition failed") return pinned(job, instead.state);
  const { failure } = instead;
  const state = instead.kind === "failed" ? instead.state : job.state;
  return effect("give up", undefined, doneWith(job), { givenUp: { failure, state } });
}

/**
 * The record of an attempt does not fit the row any more. Its merchant may have accepted it all the same: what it
 * offered is kept.
 */
function pinned(job: Job, { accepted }: Pick<Progress, "accepted">): LetGo | Pin {
  if (accepted === undefined) return letGo(doneWith(job));
  return effect("pin", { kind: "pinned", accepted } as const, doneWith(job));
}

/**
 * A step that was done, of a plan that goes on: the row does not take its record as it was read, and must not forget
 * it. Where the row has moved on by itself, or says it already, its message is looked at anew.
 *
 * @param row as it was read again
 * @returns `wiped` where a put took the steps away, which `stream-transactions` is about to restore
 */
export function decideOnStepRefused(
  job: Job,
  row: AttributeMap | undefined,
  { progress }: Extract<RowRecord, { readonly progress: Progress }>,
): LetGo | "wiped" {
  const record = progress.steps?.done.at(-1);
  if (row === undefined || versionOf(row) !== job.target.version) return LOOK_AGAIN;
  if (row[ATTRIBUTES.confirmationState] === undefined && (progress.steps?.revision ?? 0) > 0) return "wiped";
  if (record?.result !== "delivered") return LOOK_AGAIN;
  const { state, steps, attempts, attemptCount } = rowStateOf(row);
  const isKnown = steps?.done.some(({ channel, result }) => channel === record.channel && result === "delivered");
  if (steps === undefined || isKnown === true || state === "CONFIRMED") return LOOK_AGAIN;
  const { version, plan, revision, done, current } = steps;
  const others = done.filter(({ channel }) => channel !== record.channel);
  const kept = { version, plan, revision, done: [...others, record] };
  const isOn = current === undefined || current.channel === record.channel;
  const told = { kind: "note", steps: isOn ? kept : { ...kept, current }, attempts, attemptCount } as const;
  return effect("let go", { kind: "noted", row, told } as const, LOOK_AGAIN.fate, { traced: "given back" });
}
