/**
 * What a job of the kind `redelivery` is about: transactions by id, or by filter. And what its counts are called: of
 * what was matched some is sent, the rest skipped, each for a reason; of what was sent each ends in one of `ENDS`.
 */
import type { MerchantEnvironment } from "../../merchant/merchant-environment.ts";
import type { FailureCode } from "../../transaction/failure-faults.ts";
import type { Job, Totals } from "../job.ts";

export const REDELIVERED_STATES = ["FAILED", "CONFIRMED"] as const;
export type RedeliveredState = (typeof REDELIVERED_STATES)[number];

/** A second, unless somebody says otherwise. */
export const DEFAULT_RATE = 50;

export interface RedeliverySpec {
  readonly transactionIds?: readonly string[];
  readonly merchantId?: string;
  /** Of merchants of this environment alone, where it is of many; without it, of a program before, of all. */
  readonly environment?: MerchantEnvironment;
  /** Both without it. */
  readonly state?: RedeliveredState;
  /** Why it failed. */
  readonly reason?: FailureCode;
  /** Epoch milliseconds, of when it became terminal; from is included, to is not. */
  readonly from?: number;
  readonly to?: number;
  /** Also what this pipeline did not deliver itself: what the old system confirmed. @default they are skipped */
  readonly includeElsewhere?: true;
}

/** Why one is not sent. */
export const SKIPPED = {
  pending: "It is on its way, or was never delivered",
  past_mending: "It failed in a way that no further delivery may follow, was erased, or cannot be written",
  confirmed_elsewhere: "The old system confirms it; it goes to the merchant from here where `includeElsewhere` is said",
  undecided: "A restore left it to a person to say whether it was confirmed: decide about it there",
  taken: "Another job is sending it",
  changed: "It is not what it was when it was found or counted",
  merchant_unknown: "Nobody registered its merchant",
  merchant_deleted: "Its merchant was deleted",
  not_found: "There is none of this id, of this merchant",
  canceled: "The job was canceled before",
} as const;
export type Skipped = keyof typeof SKIPPED;

/** What becomes of one that is sent. */
export const ENDS = ["delivered", "failed", "waiting", "superseded"] as const;
export type End = (typeof ENDS)[number];

export interface RedeliveryCounts {
  readonly matched: number;
  readonly sent: number;
  readonly skipped: number;
  readonly delivered: number;
  readonly failed: number;
  readonly waiting: number;
  readonly superseded: number;
  readonly skippedBy: Readonly<Partial<Record<Skipped, number>>>;
}

/** Name of a count of skipped ones. */
export function skippedAs(reason: Skipped): string {
  return `skipped:${reason}`;
}

export function countsOf(totals: Totals): RedeliveryCounts {
  const of = (name: string) => totals[name] ?? 0;
  const reasons = (Object.keys(SKIPPED) as Skipped[]).filter((reason) => of(skippedAs(reason)) > 0);
  const skipped = reasons.reduce((sum, reason) => sum + of(skippedAs(reason)), 0);
  return {
    matched: of("sent") + of("new") + skipped,
    sent: of("sent"),
    skipped,
    delivered: of("delivered"),
    failed: of("failed"),
    waiting: of("waiting"),
    superseded: of("superseded"),
    skippedBy: Object.fromEntries(reasons.map((reason) => [reason, of(skippedAs(reason))])),
  };
}

/** What was counted before and not found again is not what it was then. */
export function withChanged({ counted }: Pick<Job, "counted">, totals: Totals): Totals {
  if (counted === undefined) return totals;
  const missing = countsOf(counted.totals).matched - countsOf(totals).matched;
  const changed = skippedAs("changed");
  return missing > 0 ? { ...totals, [changed]: (totals[changed] ?? 0) + missing } : totals;
}

export function specOf({ asked }: Pick<Job, "asked">): RedeliverySpec {
  return asked.spec as RedeliverySpec;
}
