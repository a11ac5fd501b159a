/**
 * Writes of a transaction that is not terminal yet: it waits in the queue, at the head of its group, or parked in the
 * table.
 */
import { ATTRIBUTES, TERMINAL_ONLY } from "../../transaction/row/attributes.ts";
import { type Progress, withProgress, withTimes } from "./progress.ts";
import { atGeneration, NOT_TERMINAL } from "./conditions.ts";
import { number, type Statement, type Target, text, Update } from "./statement.ts";

/** A failed attempt whose message stays in the queue. */
export function attemptStatement(table: string, target: Target, progress: Progress): Statement {
  const pending = new Update(table).set(ATTRIBUTES.confirmationState, text("PENDING"));
  const update = withTimes(withProgress(pending, target.version, progress), progress).remove(
    ...TERMINAL_ONLY,
    ATTRIBUTES.nextTryAt,
  );
  return atGeneration(update, target).where(NOT_TERMINAL, number(target.version)).build(target.transactionId);
}

/**
 * When one that waits in its place is retried and when it is looked for, epoch milliseconds, and what it waits for
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
  const pending = new Update(table).set(ATTRIBUTES.confirmationState, text("PENDING"));
  const update = withTimes(withProgress(pending, target.version, progress, stay.waitingFor), progress)
    .set(ATTRIBUTES.nextTryAt, number(stay.nextTryAt))
    .set(ATTRIBUTES.dueKey, text(stay.dueKey))
    .set(ATTRIBUTES.dueAt, number(stay.dueAt))
    .remove(...TERMINAL_ONLY);
  return atGeneration(update, target).where(NOT_TERMINAL, number(target.version)).build(target.transactionId);
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
  const scheduled = new Update(table).set(ATTRIBUTES.confirmationState, text("SCHEDULED"));
  const update = withTimes(withProgress(scheduled, target.version, progress, waitingFor), progress)
    .set(ATTRIBUTES.dueKey, text(dueKey))
    .set(ATTRIBUTES.dueAt, number(dueAt))
    .remove(...TERMINAL_ONLY, ATTRIBUTES.nextTryAt);
  if (trace !== undefined) update.set(ATTRIBUTES.sampledTrace, text(trace));
  return atGeneration(update, target).where(NOT_TERMINAL, number(target.version)).build(target.transactionId);
}
