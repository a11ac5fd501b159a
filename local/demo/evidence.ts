/** What a run leaves behind, as seen from outside, and what is said of it. */
import type { Delivery } from "./fleet/ledger.ts";

export interface VersionOfTransaction {
  readonly transactionId: string;
  readonly version: number;
}

export interface ExpectedOrder {
  readonly before: VersionOfTransaction & {
    /** Epoch milliseconds from which it was not owed any more, as a newer version of it takes another place. */
    readonly supersededAtMs?: number;
  };
  /** Without a version: whichever came first. */
  readonly after: { readonly transactionId: string; readonly version?: number };
  /** Why, for a person. */
  readonly because: string;
  /** Whether the order was lost in a way that is allowed, before the later one was called. */
  readonly isExcused?: (afterArrivedAtMs: number) => boolean;
}

/** A transaction that was inserted, with every version that the table accepted, oldest first. */
export interface InsertedTransaction {
  readonly transactionId: string;
  readonly versions: readonly number[];
  /** Of one with an ordering key, which has a single version. */
  readonly ordering?: {
    readonly merchantId: string;
    readonly key: string;
    /** Id of the one that it names. */
    readonly after?: string;
  };
}

/** A row of the table at the end. */
export interface TerminalRow {
  readonly transactionId: string;
  readonly version: number;
  /** `PENDING` when the row's state is not of its version. */
  readonly state: string;
  readonly failure?: { readonly code: string; readonly reason: string };
  /** Requests of this version that the worker sent once more within an attempt, if there were any. */
  readonly resends?: number;
  /** When the worker gave up attempts at its deadline, epoch milliseconds by its clock. */
  readonly timedOutAtMs?: readonly number[];
}

/** Whether nothing more becomes of it. */
export function isComplete({ state }: TerminalRow): boolean {
  return state === "CONFIRMED" || state === "FAILED";
}

/** A message of the dead-letter queue. */
export interface DeadLetter {
  readonly transactionId: string;
  readonly version: number;
  readonly code: string;
  readonly reason: string;
  /** Epoch milliseconds, as the queue says. */
  readonly sentAtMs?: number;
}

export interface Evidence {
  readonly inserted: readonly InsertedTransaction[];
  readonly deliveries: readonly Delivery[];
  readonly rows: readonly TerminalRow[];
  readonly deadLetters: readonly DeadLetter[];
  readonly seconds: number;
}

export interface Account {
  readonly inserted: number;
  readonly confirmed: number;
  readonly deadLettered: number;
  readonly superseded: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly seconds: number;
  readonly perSecond: number;
}

/** Why a transaction is lost, or a delivery is one too many. */
export interface Finding {
  readonly kind: "lost" | "duplicate" | "out of order" | "charged" | "redelivery" | "channel";
  readonly transactionId: string;
  /** Of a duplicate. */
  readonly webhookId?: string;
  readonly detail: string;
}

export interface AccountReport {
  readonly account: Account;
  readonly findings: readonly Finding[];
}
