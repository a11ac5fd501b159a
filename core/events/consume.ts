/**
 * What a consumer knows of a transaction, whatever order its events came in, doubled or not. Two are kept apart: the
 * last step that it heard of, by its sequence, and the last snapshot, by its time. A snapshot holds whatever was
 * recorded before its time, and may hold more; whatever was recorded since has an event of its own. So a step counts
 * before a snapshot exactly where it is not older than the snapshot's time.
 */
export type {
  ConfirmationEvent,
  MerchantEvent,
  MerchantState,
  ResyncEvent,
  Snapshot,
  TransactionEvent,
  TransactionState,
} from "./event-types.ts";
import {
  type ResyncEvent,
  type Snapshot,
  TRANSACTION_EVENTS,
  type TransactionEvent,
  type TransactionState,
} from "./event-types.ts";

/** To be kept by transaction, those that were removed included. */
export interface KnownTransaction {
  /** Of the last step; empty before there was one. */
  readonly sequence: string;
  /** Its time, and that of the last snapshot; empty before there was one. */
  readonly stepTime: string;
  readonly snapshotTime: string;
  /** Missing where the row is not there any more. */
  readonly state?: TransactionState;
}

const NOTHING_KNOWN: KnownTransaction = { sequence: "", stepTime: "", snapshotTime: "" };

/** @returns what is known then; the same object where the event says nothing new */
export function withEvent(known: KnownTransaction | undefined, event: TransactionEvent): KnownTransaction {
  const before = known ?? NOTHING_KNOWN;
  return isSnapshot(event) ? withSnapshot(before, event.time, event.data) : withStep(before, event);
}

/**
 * Whether a resync, all of whose snapshots came, shows that a transaction is not in the table any more: it was of all
 * transactions, or of this one's merchant, and nothing was heard of it since.
 */
export function isGoneAfter(known: KnownTransaction, { time, data }: ResyncEvent): boolean {
  if (data.merchantId !== undefined && data.merchantId !== known.state?.merchantId) return false;
  return known.state !== undefined && known.snapshotTime < time && known.stepTime < time;
}

function withStep(before: KnownTransaction, { type, time, sequence = "", data }: TransactionEvent): KnownTransaction {
  if (sequence <= before.sequence) return before;
  const { snapshotTime } = before;
  // The snapshot has it already.
  if (time < snapshotTime) return { ...before, sequence, stepTime: time };
  const isThere = type !== TRANSACTION_EVENTS.removed;
  return { sequence, stepTime: time, snapshotTime, ...(isThere && { state: data }) };
}

function withSnapshot(before: KnownTransaction, time: string, snapshot: Snapshot): KnownTransaction {
  if (time <= before.snapshotTime) return before;
  const { sequence, stepTime } = before;
  if (stepTime >= time) return { ...before, snapshotTime: time };
  return { sequence, stepTime, snapshotTime: time, state: stateIn(snapshot) };
}

function isSnapshot(event: TransactionEvent): event is Extract<TransactionEvent, { data: Snapshot }> {
  return event.type === TRANSACTION_EVENTS.snapshot;
}

function stateIn(snapshot: Snapshot): TransactionState {
  const { resyncId, ...state } = snapshot;
  return resyncId === undefined ? snapshot : state;
}
