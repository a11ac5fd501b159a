/**
 * Writes of a transaction that is not settled yet: it waits in the queue, at the head of its group, or parked in the
 * table.
 */
import { type Progress, withProgress, withTimes } from "./progress.ts";
import { atRelease, number, type Statement, type Target, text, UNSETTLED, Update } from "./statement.ts";

/** A failed attempt whose message stays in the queue. */
export function attemptStatement(table: string, target: Target, progress: Progress): Statement {
  const pending = new Update(table).set("confirmationState", text("PENDING"));
  const update = withTimes(withProgress(pending, target.version, progress), progress).remove("purgeAt", "nextTryAt");
  return atRelease(update, target).where(UNSETTLED, number(target.version)).build(target.transactionId);
}

/**
 * When one that waits in its place is tried again and when it is looked for, epoch milliseconds, and what it waits for
 * at its merchant.
 */
export interface Stay {
  readonly nextTryAt: number;
  readonly dueKey: string;
  readonly dueAt: number;
  readonly waitingFor?: string;
}

/** Not delivered yet, and its message stays where it is, at the head of its ordered group. */
export function stayStatement(table: string, target: Target, progress: Progress, stay: Stay): Statement {
  const pending = new Update(table).set("confirmationState", text("PENDING"));
  const update = withTimes(withProgress(pending, target.version, progress, stay.waitingFor), progress)
    .set("nextTryAt", number(stay.nextTryAt))
    .set("dueKey", text(stay.dueKey))
    .set("dueAt", number(stay.dueAt))
    .remove("purgeAt");
  return atRelease(update, target).where(UNSETTLED, number(target.version)).build(target.transactionId);
}

/**
 * Waits in the table until `dueAt`, epoch milliseconds.
 *
 * @param waitingFor what it waits for at its merchant, if it does
 * @param trace header with which its next release goes on, for one whose way is traced
 */
export function parkStatement(
  table: string,
  target: Target,
  progress: Progress,
  dueKey: string,
  dueAt: number,
  waitingFor?: string,
  trace?: string,
): Statement {
  const scheduled = new Update(table).set("confirmationState", text("SCHEDULED"));
  const update = withTimes(withProgress(scheduled, target.version, progress, waitingFor), progress)
    .set("dueKey", text(dueKey))
    .set("dueAt", number(dueAt))
    .remove("purgeAt", "nextTryAt");
  if (trace !== undefined) update.set("sampledTrace", text(trace));
  return atRelease(update, target).where(UNSETTLED, number(target.version)).build(target.transactionId);
}
