/**
 * From a change of a row to the event that tells of it: one, or none where nothing that events tell of has changed,
 * such as when keys of indexes were put in place. Whatever else changes has an event, so that whoever has the last one
 * has the row's state. Of the canary's rows nothing is told.
 *
 *   no row, or another version              -> accepted, or whatever state it came with
 *   to CONFIRMED, to FAILED                 -> confirmed, failed
 *   from FAILED to another                  -> reopened
 *   a mark of a redelivery; its result      -> redelivery_requested; redelivered
 *   to SCHEDULED                            -> scheduled
 *   what is personal was erased             -> erased
 *   a further generation                    -> requeued
 *   an attempt                              -> attempted
 *   anything else, as a put that wiped it   -> changed
 *   no row any more                         -> removed, with the state that it had
 */
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { TRANSACTION_EVENTS, type TransactionEventType, type TransactionState } from "./event-types.ts";
import { isSameState, isTold, transactionState } from "./transaction-state.ts";

/** Images of a record of the table's stream. */
export interface RowChange {
  /** Missing where the row is new. */
  readonly oldImage?: AttributeMap | undefined;
  /** Missing where the row is gone. */
  readonly newImage?: AttributeMap | undefined;
}

export interface TransactionStep {
  readonly type: Exclude<TransactionEventType, typeof TRANSACTION_EVENTS.snapshot>;
  readonly state: TransactionState;
}

export function transactionStep({ oldImage, newImage }: RowChange): TransactionStep | undefined {
  const before = oldImage && isTold(oldImage) ? transactionState(oldImage) : undefined;
  const now = newImage && isTold(newImage) ? transactionState(newImage) : undefined;
  if (now === undefined) return before && { type: TRANSACTION_EVENTS.removed, state: before };
  if (before !== undefined && isSameState(before, now)) return undefined;
  return { type: typeOf(before, now), state: now };
}

function typeOf(before: TransactionState | undefined, now: TransactionState): TransactionStep["type"] {
  const isNew = before === undefined || before.version !== now.version;
  const isEntered = isNew || before.state !== now.state;
  if (isEntered && now.state === "CONFIRMED") return TRANSACTION_EVENTS.confirmed;
  if (isEntered && now.state === "FAILED") return TRANSACTION_EVENTS.failed;
  if (isEntered && now.state === "SCHEDULED") return TRANSACTION_EVENTS.scheduled;
  if (isNew) return TRANSACTION_EVENTS.accepted;
  if (isEntered && before.state === "FAILED") return TRANSACTION_EVENTS.reopened;
  // A put has wiped what was recorded; it is restored in a moment.
  if (isEntered && before.state === "CONFIRMED") return TRANSACTION_EVENTS.changed;
  if (before.erasedAt === undefined && now.erasedAt !== undefined) return TRANSACTION_EVENTS.erased;
  if (!isSame(before.redelivery, now.redelivery) && now.redelivery !== undefined)
    return now.redelivery.result === undefined
      ? TRANSACTION_EVENTS.redeliveryRequested
      : TRANSACTION_EVENTS.redelivered;
  if (now.generation > before.generation) return TRANSACTION_EVENTS.requeued;
  if (now.lastAttempt !== undefined && !isSame(before.lastAttempt, now.lastAttempt))
    return TRANSACTION_EVENTS.attempted;
  return TRANSACTION_EVENTS.changed;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
