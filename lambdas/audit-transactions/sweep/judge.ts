/**
 * What the audit makes of a row, given the row itself, read consistently.
 *
 *   terminal, with index keys                      -> takes them away
 *   not listed under its merchant                  -> lists it
 *   not in its place in the failed index           -> brings it there; not failed, and in it -> takes it out
 *   not terminal, without index keys               -> found: put back, unless the stream is behind and may yet bring it
 *   not terminal, in a partition that nobody reads -> found: put back
 *   not terminal, due later than anything waits    -> found: put back
 *   not terminal, past its merchant's give-up time -> found: put back, so that it is given up
 *   not terminal, overdue where release-due looks  -> found, and left in its place: it is in line, and at the front of
 *     it; one with an ordering key only a day later, as it is let wait that long behind others
 *   not terminal, with a time to live              -> takes it away
 *
 * Found is lost, if an audit before had put it back at this version, or must have seen it overdue.
 */
import { ATTRIBUTES, TERMINAL_ONLY } from "../../../core/transaction/row/attributes.ts";
import { putBackStatement } from "../../../core/aws/audit-statements.ts";
import {
  leaveDueIndexStatement,
  listFailedStatement,
  listStatement,
  repairStatement,
} from "../../../core/aws/statements/repair.ts";
import type { Statement } from "../../../core/aws/statements/statement.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { numberOf, stringOf } from "../../../core/transaction/attribute-value.ts";
import { isListedAs, rightFailedListing } from "../../../core/transaction/row/failed-listing.ts";
import { dueKeyFor, orderedKeyFor } from "../../../core/transaction/row/index-keys.ts";
import type { DuePartition } from "../../../core/transaction/row/due-partition.ts";
import { missingMerchantKey } from "../../../core/merchant/merchant-listing.ts";
import { orderedGroupIdOf, REPEAT_PATIENCE_MS } from "../../../core/transaction/ordering.ts";
import { stateOf } from "../../../core/transaction/row/row-state.ts";
import { versionOf } from "../../../core/transaction/transaction.ts";

export interface JudgeOptions {
  readonly table: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly dueShards: number;
  readonly merchantShards: number;
  readonly partitionOf: (dueKey: string) => DuePartition;
  readonly leaseMs: number;
  /** Milliseconds past its due time after which a row counts as found. */
  readonly toleranceMs: number;
  /** Milliseconds past its due time after which an audit before must have found it. */
  readonly lostAfterMs: number;
  /** Messages of pending rows wait in the queue for longer than a lease. */
  readonly isQueueBehind: boolean;
  /** The stream may yet bring rows that nobody has handled. */
  readonly isStreamBehind: boolean;
}

export type FoundBecause = "no keys" | "partition unread" | "due too late" | "past give-up" | "overdue";

export interface Judgement {
  readonly found?: { readonly because: FoundBecause; readonly isLost: boolean };
  /** It would be found, were queue and stream not behind. */
  readonly isPostponed?: true;
  /** Of a found row. It was found only if this is written, as the row was changed meanwhile otherwise. */
  readonly putBack?: Statement;
  readonly repairs: readonly Statement[];
}

/** Longer than the longest wait that settings allow (a week, spread over half as much again). */
export const LONGEST_WAIT_MS = 11 * 86_400_000;

export function judge(row: AttributeMap, options: JudgeOptions): Judgement {
  const listing = list(row, options);
  const state = stateOf(row);
  if (state === "CONFIRMED" || state === "FAILED") {
    return { repairs: [...leaveIndex(row, options), ...listing, ...amongFailed(row, options)] };
  }
  const found = find(row, options);
  if (found === "postponed") return { isPostponed: true, repairs: [...keep(row, options), ...listing] };
  if (found === undefined) return { repairs: [...keep(row, options), ...listing] };
  if (found.because === "overdue") return { found, repairs: [...keep(row, options), ...listing] };
  const groupId = orderedGroupIdOf(row);
  const dueKey =
    groupId === undefined
      ? dueKeyFor(stringOf(row["transactionId"]) ?? "", options.dueShards)
      : orderedKeyFor(groupId, options.dueShards);
  return { found, putBack: putBackStatement(options.table, row, dueKey, options.now), repairs: listing };
}

/** Whether keys of the due index alone say that the row behind them is to be looked at. */
export function isSuspicious(entry: AttributeMap, options: JudgeOptions): boolean {
  return because(entry, options) !== undefined;
}

function find(row: AttributeMap, options: JudgeOptions): Judgement["found"] | "postponed" {
  const reason = because(row, options);
  if (reason === undefined) return undefined;
  const dueKey = stringOf(row[ATTRIBUTES.dueKey]);
  const isPending = dueKey !== undefined && options.partitionOf(dueKey) === "pending";
  if (reason === "no keys" && options.isStreamBehind) return "postponed";
  if (reason === "overdue" && isPending && options.isQueueBehind) return "postponed";
  const version = versionOf(row);
  const wasPutBack = version !== undefined && numberOf(row[ATTRIBUTES.auditedVersion]) === version;
  const isLongOverdue =
    (reason === "overdue" || reason === "past give-up") &&
    options.now - (numberOf(row[ATTRIBUTES.dueAt]) ?? options.now) > options.lostAfterMs + patienceMs(dueKey, options);
  return { because: reason, isLost: wasPutBack || isLongOverdue };
}

function because(
  row: AttributeMap,
  { now, partitionOf, leaseMs, toleranceMs }: JudgeOptions,
): FoundBecause | undefined {
  const dueKey = stringOf(row[ATTRIBUTES.dueKey]);
  const dueAt = numberOf(row[ATTRIBUTES.dueAt]);
  if (dueKey === undefined || dueAt === undefined) return "no keys";
  const partition = partitionOf(dueKey);
  if (partition === "unread") return "partition unread";
  const isOverdue = now - dueAt > toleranceMs + patienceMs(dueKey, { partitionOf });
  if (partition === "merchant") return isOverdue ? "past give-up" : undefined;
  if (dueAt - now > (partition === "pending" ? leaseMs + toleranceMs : LONGEST_WAIT_MS)) return "due too late";
  return isOverdue ? "overdue" : undefined;
}

/** What `release-due` lets a row with an ordering key wait behind others before it is repeated. */
function patienceMs(dueKey: string | undefined, { partitionOf }: Pick<JudgeOptions, "partitionOf">): number {
  return dueKey !== undefined && partitionOf(dueKey) === "ordered" ? REPEAT_PATIENCE_MS : 0;
}

function leaveIndex(row: AttributeMap, { table }: JudgeOptions): Statement[] {
  const version = versionOf(row);
  if (version === undefined || (row[ATTRIBUTES.dueKey] === undefined && row[ATTRIBUTES.dueAt] === undefined)) return [];
  return [leaveDueIndexStatement(table, stringOf(row["transactionId"]) ?? "", version)];
}

function list(row: AttributeMap, { table, merchantShards }: JudgeOptions): Statement[] {
  const version = versionOf(row);
  const merchantKey = missingMerchantKey(row, merchantShards);
  if (version === undefined || merchantKey === undefined) return [];
  return [listStatement(table, stringOf(row["transactionId"]) ?? "", version, merchantKey)];
}

/** Rows that a program before the failed index gave up have no keys of it. */
function amongFailed(row: AttributeMap, { table, merchantShards }: JudgeOptions): Statement[] {
  const listing = rightFailedListing(row, merchantShards);
  return isListedAs(row, listing) ? [] : [listFailedStatement(table, row, listing)];
}

/** DynamoDB deletes what has a time to live, terminal or not. */
function keep(row: AttributeMap, { table }: JudgeOptions): Statement[] {
  const version = versionOf(row);
  const leftOver = TERMINAL_ONLY.filter((name) => row[name] !== undefined);
  if (version === undefined || leftOver.length === 0) return [];
  return [repairStatement(table, stringOf(row["transactionId"]) ?? "", version, {}, leftOver)];
}
