/**
 * What a job of the kind `restore` is about: a table that was restored from a backup, whose rows are copied into the
 * stack's own where that says less. Its dry run is the plan: it gathers what is known beside both tables, and counts.
 * Or it is about a decision: what becomes of the transactions of a restore of which nobody knows.
 */
import type { Source } from "../../restore/evidence.ts";
import { SOURCES } from "../../restore/evidence.ts";
import type { TimeSpan } from "../../restore/journal-gaps.ts";
import type { Job, Totals } from "../job.ts";

/** A second, unless somebody says otherwise. */
export const RESTORE_RATE = 1000;
export const MAX_RESTORE_RATE = 10_000;
/** As many as the function has side by side. */
export const RESTORE_PARTS = 8;
export const DECISION_PARTS = 1;

/** Days for which what was found of single transactions is kept; without it their rows would be sent. */
export const EVIDENCE_KEPT_DAYS = 14;
/** Days after which a plan is applied no more, so that all of it is written while that is there. */
export const PLAN_HOLDS_DAYS = 7;

export const DECISIONS = ["send", "confirmed"] as const;
export type Decision = (typeof DECISIONS)[number];

export interface RestorePlanSpec {
  /** Of the restored table. */
  readonly fromTable: string;
  /** Epoch milliseconds: of which time the restored table is. */
  readonly restoredTo: number;
  /** Epoch milliseconds: from when on the table was damaged. */
  readonly damagedAt: number;
  /** Sources that may be asked, beside both tables. */
  readonly sources: readonly Source[];
}

export interface DecisionSpec {
  /** Of the restore that left them undecided. */
  readonly decides: string;
  readonly decision: Decision;
  /** These alone. @default all of them */
  readonly transactionIds?: readonly string[];
}

export type RestoreSpec = RestorePlanSpec | DecisionSpec;

export function restoreSpecOf({ asked }: Pick<Job, "asked">): RestoreSpec {
  return asked.spec as RestoreSpec;
}

export function isDecision(spec: RestoreSpec): spec is DecisionSpec {
  return "decides" in spec;
}

/** What was found before anything was compared. */
export interface Survey {
  /** Of the table's stream; undefined where there is none, or it may not be asked. */
  readonly streamArn?: string;
  readonly shards: readonly string[];
  /** Whether the stream has every change since the backup. */
  readonly isStreamWhole: boolean;
  /** Times after the backup in which something may have been confirmed that no source has. */
  readonly unknownTimes: readonly TimeSpan[];
  /** The time to live could not be turned off yet: DynamoDB takes one change an hour. */
  readonly isTimeToLiveOn: boolean;
  /** All sources are read, and the stream was whole until then; before that it is perhaps not. */
  readonly isComplete?: true;
}

/** As what a transaction counts, once it is over: words of `RestoredAs` and `KeptAs`, and two more. */
export const RESTORE_ENDS = [
  "same",
  "backup",
  "sent",
  "table",
  "stream",
  "journal",
  "manifests",
  "unknown",
  "operator",
  "expired",
  "refused",
  "skipped",
] as const;
export type RestoreEnd = (typeof RESTORE_ENDS)[number];

export interface RestoreCounts {
  /** Looked at: all of the backup, and those that came since and that something is known of. */
  readonly transactions: number;
  /** Nothing is to be done. */
  readonly same: number;
  /** Written as the backup has them: terminal ones, and those that are sent. */
  readonly restored: number;
  /** Of the restored, those that are sent. */
  readonly sent: number;
  readonly takenFromTable: number;
  readonly takenFromStream: number;
  readonly takenFromJournal: number;
  readonly takenFromManifests: number;
  /** Undecided. */
  readonly unknown: number;
  /** Terminal and gone, and their time to live is over. */
  readonly expired: number;
  /** The table does not take them. */
  readonly refused: number;
  /** Not looked at, as it was canceled. */
  readonly skipped: number;
}

export function restoreCountsOf(totals: Totals): RestoreCounts {
  const of = (name: RestoreEnd | "new") => totals[name] ?? 0;
  return {
    transactions: RESTORE_ENDS.reduce((sum, end) => sum + of(end), of("new")),
    same: of("same"),
    restored: of("backup") + of("sent"),
    sent: of("sent"),
    takenFromTable: of("table"),
    takenFromStream: of("stream"),
    takenFromJournal: of("journal"),
    takenFromManifests: of("manifests"),
    unknown: of("unknown"),
    expired: of("expired"),
    refused: of("refused"),
    skipped: of("skipped"),
  };
}

export interface DecisionCounts {
  /** Decided, as it says. */
  readonly decided: number;
  /** Nobody has to decide about them any more. */
  readonly skipped: number;
}

export function decisionCountsOf({ operator = 0, skipped = 0, same = 0 }: Totals): DecisionCounts {
  return { decided: operator, skipped: skipped + same };
}

/** All sources but those left out. */
export function sourcesWithout(without: readonly Source[]): readonly Source[] {
  return SOURCES.filter((source) => !without.includes(source));
}
