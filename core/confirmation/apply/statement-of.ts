/** What was decided to be recorded, as the conditional write of `core/aws/statements/`. */
import { confirmByChannelsStatement, confirmStatement } from "../../aws/statements/confirm.ts";
import { confirmAsSeenStatement, contentChangedStatement, pinStatement } from "../../aws/statements/content.ts";
import { shadowedStatement } from "../../aws/statements/shadow.ts";
import { confirmedTooStatement } from "../../aws/statements/elsewhere.ts";
import { redeliveredBarelyStatement, redeliveredStatement } from "../../aws/statements/redelivery.ts";
import { reopenStatement } from "../../aws/statements/requeue.ts";
import { failStatement, quarantineRowStatement, completeWithLittleStatement } from "../../aws/statements/complete.ts";
import type { Statement, Target } from "../../aws/statements/statement.ts";
import { toldStepStatement } from "../../aws/statements/told-step.ts";
import { attemptStatement, parkStatement, stayStatement } from "../../aws/statements/wait.ts";
import { rightMerchantKey } from "../../merchant/merchant-listing.ts";
import { writeAccepted } from "../../transaction/accepted.ts";
import { failedListing, failingMerchantOf } from "../../transaction/row/failed-listing.ts";
import { highestVersionOf } from "../../transaction/row/row-state.ts";
import type { RowRecord } from "../decide/row-record.ts";
import type { Job } from "../job.ts";
import type { ConfirmationSettings } from "../settings.ts";

/**
 * @param job whose it is
 * @param now when it is written, epoch milliseconds
 * @param trace header with which a later release goes on, for one whose path is traced
 */
export function statementOf(
  record: Exclude<RowRecord, { kind: "quarantined" }>,
  table: string,
  { target, merchantId, isPinned }: Pick<Job, "target" | "merchantId" | "isPinned">,
  settings: ConfirmationSettings,
  now: number,
  trace: string | undefined,
): Statement {
  const { settledDays, leaseMs } = settings;
  switch (record.kind) {
    case "confirmed":
      return record.progress.steps === undefined
        ? confirmStatement(table, target, record.progress, record.delivered, now, settledDays)
        : confirmByChannelsStatement(table, target, record.progress, record.delivered, now, settledDays);
    case "confirmed as seen":
      return confirmAsSeenStatement(table, record.row, target, record.progress, now, settledDays);
    case "confirmed too":
      return confirmedTooStatement(table, target, record.progress, record.delivered);
    case "content changed":
      return changedStatement(record, table, target, settings, now);
    case "failed": {
      const { state, failure } = record;
      const failedFor = state.accepted?.merchantId ?? merchantId;
      const listing = failedListing(failedFor, target.transactionId, failure, now, settings.merchantShards);
      return failStatement(table, target, { ...state, isPinned }, failure, now, settledDays, listing);
    }
    case "barely":
      return completeWithLittleStatement(
        table,
        target,
        record.state,
        record.instead.kind === "shadowed" ? record.instead.confirmedBy.by : undefined,
      );
    case "shadowed":
      return shadowedStatement(table, target, record.confirmedBy, record.content, now, settledDays);
    case "attempted":
    case "intended":
      return attemptStatement(table, target, record.progress);
    case "parked": {
      const { progress, dueKey, dueAt, waitingFor } = record;
      return parkStatement(table, target, progress, dueKey, dueAt, waitingFor, trace);
    }
    case "stays": {
      const { progress, nextTryAt, dueKey, dueAt, waitingFor } = record;
      const stay = { nextTryAt, dueKey, dueAt, ...(waitingFor !== undefined && { waitingFor }) };
      return stayStatement(table, target, progress, stay);
    }
    case "reopened":
      return reopenStatement(table, target, record.dueKey, now + leaseMs, record.steps);
    case "noted":
      return toldStepStatement(table, record.row, record.told, now, settledDays);
    case "redelivered": {
      const { redelivery, ended, isBare } = record;
      if (isBare) return redeliveredBarelyStatement(table, target, redelivery, ended.result === "delivered");
      return redeliveredStatement(table, target, redelivery, { ...ended, at: ended.at ?? now });
    }
    case "pinned":
      break;
  }
  return pinStatement(table, target, record.accepted);
}

/** Of a row that nothing but its own values identifies. */
export function quarantineStatement(
  { row, failure }: Extract<RowRecord, { kind: "quarantined" }>,
  table: string,
  { settledDays, merchantShards }: ConfirmationSettings,
  now: number,
): Statement {
  const transactionId = row["transactionId"]?.S ?? "";
  const listing = failedListing(failingMerchantOf(row), transactionId, failure, now, merchantShards);
  return quarantineRowStatement(table, row, highestVersionOf(row), failure, now, settledDays, listing);
}

function changedStatement(
  { row, accepted, failure, progress, release }: Extract<RowRecord, { kind: "content changed" }>,
  table: string,
  { transactionId, version }: Target,
  { settledDays, merchantShards }: ConfirmationSettings,
  now: number,
): Statement {
  const change = {
    accepted,
    failure,
    merchantKey: rightMerchantKey({ ...row, accepted: writeAccepted(version, accepted) }, merchantShards),
    listing: failedListing(accepted.merchantId, transactionId, failure, now, merchantShards),
    found: { ...progress, release },
  };
  return contentChangedStatement(table, row, version, change, now, settledDays);
}
