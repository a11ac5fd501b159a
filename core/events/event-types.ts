/**
 * Events of the pipeline for other services: their types, and what each carries. They have ids, states and counts, and
 * nothing of what was paid, sent or answered. Each has the whole state after its step, so that any later event makes up
 * for one that was missed. A type is never taken away and no member changes its meaning; readers pass over types and
 * members that they do not know.
 */
import type { ConfirmedByWhom } from "../transaction/row/confirmed-by.ts";
import type { State } from "../transaction/row/row-state.ts";

export const TRANSACTION_EVENTS = {
  accepted: "transaction.accepted",
  attempted: "transaction.attempted",
  scheduled: "transaction.scheduled",
  requeued: "transaction.requeued",
  confirmed: "transaction.confirmed",
  failed: "transaction.failed",
  reopened: "transaction.reopened",
  redeliveryRequested: "transaction.redelivery_requested",
  redelivered: "transaction.redelivered",
  erased: "transaction.erased",
  changed: "transaction.changed",
  removed: "transaction.removed",
  snapshot: "transaction.snapshot",
} as const;
export type TransactionEventType = (typeof TRANSACTION_EVENTS)[keyof typeof TRANSACTION_EVENTS];

export const MERCHANT_EVENTS = {
  failing: "merchant.failing",
  recovered: "merchant.recovered",
  disabled: "merchant.disabled",
  enabled: "merchant.enabled",
  paused: "merchant.paused",
  resumed: "merchant.resumed",
  backlog: "merchant.backlog",
  backlogCleared: "merchant.backlog_cleared",
} as const;
export type MerchantEventType = (typeof MERCHANT_EVENTS)[keyof typeof MERCHANT_EVENTS];

export const RESYNC_EVENTS = { completed: "resync.completed" } as const;
export type ResyncEventType = (typeof RESYNC_EVENTS)[keyof typeof RESYNC_EVENTS];

/** What the table has of a transaction, without what was paid. Members that do not apply are missing. */
export interface TransactionState {
  readonly transactionId: string;
  readonly merchantId?: string;
  readonly outcome?: string;
  /** Missing where the producer wrote none that can be read. */
  readonly version?: number;
  readonly state: State;
  /** How often it was put on the queue again. */
  readonly generation: number;
  /** Attempts of this version that count. */
  readonly attemptCount: number;
  readonly lastAttempt?: {
    /** RFC 3339. */
    readonly at: string;
    /** `delivered`, or the class of failure. */
    readonly outcome: string;
    /** HTTP status, where there was one. */
    readonly status?: number;
    /** Id of the recipient's channel, where it has some. */
    readonly channel?: string;
  };
  /** What its channels came to, where the recipient has some. */
  readonly steps?: readonly { readonly channel: string; readonly result: "delivered" | "failed" | "skipped" }[];
  /** Why it waits for its merchant. */
  readonly waitingFor?: string;
  /** Code of the failure of one that is `FAILED`. */
  readonly failure?: string;
  /** RFC 3339; when it was confirmed or given up. */
  readonly settledAt?: string;
  /** Of one that is `CONFIRMED` and was not delivered by this pipeline: by what it was. */
  readonly confirmedBy?: ConfirmedByWhom;
  /** RFC 3339; when the old system confirmed it, as it says. */
  readonly confirmedElsewhereAt?: string;
  /** RFC 3339; when what was personal in this version was erased. */
  readonly erasedAt?: string;
  readonly redelivery?: {
    readonly jobId: string;
    readonly generation: number;
    /** Missing while it is owed. */
    readonly result?: string;
  };
}

/** As its health row has it. */
export interface MerchantState {
  readonly merchantId: string;
  /** Its circuit is open, or half open. */
  readonly failing: boolean;
  readonly paused: boolean;
  /** How many of its URLs are disabled. */
  readonly disabledUrls: number;
  /** Transactions wait for it. */
  readonly backlog: boolean;
}

/** A snapshot says of what resync it is. */
export type Snapshot = TransactionState & { readonly resyncId: string };

export interface ResyncState {
  readonly resyncId: string;
  /** How many snapshots it published. */
  readonly transactions: number;
  /** Whose alone it was; missing where it was of all transactions. */
  readonly merchantId?: string;
}

/** CloudEvents 1.0, in its JSON form. */
export interface Envelope<Type extends string, Data> {
  readonly specversion: "1.0";
  /** Unique with `source`; the same event has the same id however often it comes. */
  readonly id: string;
  readonly source: string;
  readonly type: Type;
  /** Of the transaction, merchant or resync. */
  readonly subject: string;
  /** RFC 3339: when the step was recorded; of a snapshot, the time since which every step has an event. */
  readonly time: string;
  readonly datacontenttype: "application/json";
  readonly dataschema: string;
  /** Order of the steps of one subject, as text of fixed length; a snapshot has none. */
  readonly sequence?: string;
  readonly data: Data;
}

export type TransactionEvent =
  | Envelope<Exclude<TransactionEventType, typeof TRANSACTION_EVENTS.snapshot>, TransactionState>
  | Envelope<typeof TRANSACTION_EVENTS.snapshot, Snapshot>;
export type MerchantEvent = Envelope<MerchantEventType, MerchantState>;
export type ResyncEvent = Envelope<ResyncEventType, ResyncState>;
export type ConfirmationEvent = TransactionEvent | MerchantEvent | ResyncEvent;
