/**
 * One step through a segment: reads pages for some seconds at a bounded rate, reads again what needs a look,
 * consistently, and puts it in order. What a step has passed is done with, so its end is a place to go on from; a step
 * that is repeated puts nothing back twice. In the index it also sees which merchants something waits for, and notes it
 * on their health rows, where that was lost: `release-due` would not look.
 */
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import type { ScanPage, ScanPosition } from "../../../core/aws/scan-page.ts";
import type { SandboxMerchants } from "../../../core/aws/sandbox-merchants.ts";
import type { Statement } from "../../../core/aws/statements/statement.ts";
import { MAX_READS, type TransactionsTable, type WriteResult } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../core/transaction/attribute-value.ts";
import { failingMerchantOf } from "../../../core/transaction/row/failed-listing.ts";
import { merchantOfWaitKey } from "../../../core/transaction/row/index-keys.ts";
import { isSuspicious, judge, type Judgement, type JudgeOptions } from "./judge.ts";
import { PipelineError } from "../../../core/errors/pipeline-error.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

export interface SweepTotals {
  readonly examined: number;
  readonly readUnits: number;
  readonly found: number;
  readonly lost: number;
  readonly repaired: number;
  readonly postponed: number;
  /** Of those that were found, and lost, what is of the sandbox: it is in neither of the two. */
  readonly foundInSandbox: number;
  readonly lostInSandbox: number;
}

export interface SweepState {
  readonly totals: SweepTotals;
  readonly from?: AttributeMap;
}

export interface SweepParts {
  readonly scanned: "table" | "index";
  readonly segment: number;
  readonly segments: number;
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly sandboxMerchants: Pick<SandboxMerchants, "among">;
  /** Whether it had not been noted that something waits for the merchant; it is now. */
  readonly noteWaiting: (merchantId: string) => Promise<boolean>;
  readonly scan: (position: ScanPosition) => Promise<ScanPage>;
  readonly judging: Omit<JudgeOptions, "table" | "now">;
  /** Milliseconds for which a row without keys is left to the stream before it counts. */
  readonly settleMs: number;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly warn: Log;
}

export const NO_TOTALS: SweepTotals = {
  examined: 0,
  readUnits: 0,
  found: 0,
  lost: 0,
  repaired: 0,
  postponed: 0,
  foundInSandbox: 0,
  lostInSandbox: 0,
};
const COUNTED = ["found", "lost", "repaired", "postponed", "foundInSandbox", "lostInSandbox"] as const;

/** A third of what a partition gives: a segment reads one partition at a time, and the workers read there too. */
const READ_UNITS_A_SECOND = 1000;
const READ_FOR_MS = 15_000;
const MAX_CANDIDATES = 2000;
const MERCHANTS_AT_ONCE = 16;
/** Ids that a step names in the log. */
const MAX_NAMED = 20;

/** The table did not take a write; the step is repeated. */
export class AuditError extends PipelineError {
  override readonly name = "AuditError";
  readonly code = "AUDIT_STOPPED";
}

/** @throws AuditError when the table takes no writes, RowsUnreadError when it gives no reads */
export async function sweepStep(state: SweepState, parts: SweepParts): Promise<{ state: SweepState; isDone: boolean }> {
  const read = await readPages(state, parts);
  // A row that was written just now is not lost; the stream brings it at once.
  if (parts.scanned === "table" && read.ids.length > 0) await parts.pause(parts.settleMs);
  // A part that a program before began has not all of them.
  const totals = { ...NO_TOTALS, ...read.totals };
  totals.repaired += await noteMerchants(read.merchantIds, parts);
  for (let start = 0; start < read.ids.length; start += MAX_READS) {
    const rows = await parts.table.read(read.ids.slice(start, start + MAX_READS));
    const result = await putInOrder([...rows.values()], parts);
    for (const name of COUNTED) totals[name] += result[name];
  }
  return {
    state: { totals, ...(read.next !== undefined && { from: read.next }) },
    isDone: read.next === undefined,
  };
}

async function readPages(state: SweepState, parts: SweepParts) {
  const { segment, segments, scanned, now, pause } = parts;
  const options = { ...parts.judging, table: parts.table.name, now: now() };
  const ids = new Set<string>();
  const merchantIds = new Set<string>();
  let { examined, readUnits } = state.totals;
  let next = state.from;
  const until = now() + READ_FOR_MS;
  do {
    const askedAt = now();
    const page = await parts.scan({ segment, segments, ...(next !== undefined && { from: next }) });
    for (const entry of page.entries) {
      if (scanned === "table" || isSuspicious(entry, options)) ids.add(stringOf(entry["transactionId"]) ?? "");
      const merchantId = scanned === "index" ? merchantOfWaitKey(stringOf(entry[ATTRIBUTES.dueKey]) ?? "") : undefined;
      if (merchantId !== undefined) merchantIds.add(merchantId);
    }
    examined += page.examined;
    readUnits += page.readUnits;
    ({ next } = page);
    const restMs = (page.readUnits / READ_UNITS_A_SECOND) * 1000 - (now() - askedAt);
    if (next !== undefined && restMs > 0) await pause(restMs);
  } while (next !== undefined && ids.size < MAX_CANDIDATES && now() < until);
  return { ids: [...ids], merchantIds: [...merchantIds], next, totals: { ...state.totals, examined, readUnits } };
}

/** @returns of how many merchants the note was lost */
async function noteMerchants(merchantIds: readonly string[], { noteWaiting, warn }: SweepParts): Promise<number> {
  const missing: string[] = [];
  for (let start = 0; start < merchantIds.length; start += MERCHANTS_AT_ONCE) {
    const some = merchantIds.slice(start, start + MERCHANTS_AT_ONCE);
    const noted = await Promise.all(some.map(noteWaiting));
    missing.push(...some.filter((_, index) => noted[index] === true));
  }
  if (missing.length > 0)
    warn("what waits for merchants was not noted", { count: missing.length, merchants: missing.slice(0, MAX_NAMED) });
  return missing.length;
}

async function putInOrder(rows: readonly AttributeMap[], parts: SweepParts) {
  const options = { ...parts.judging, table: parts.table.name, now: parts.now() };
  const judged = rows.map((row) => ({ row, id: stringOf(row["transactionId"]) ?? "", ...judge(row, options) }));
  const back = judged.flatMap(({ id, putBack }) => (putBack === undefined ? [] : [{ id, putBack }]));
  const results = await write(
    back.map(({ putBack }) => putBack),
    parts,
  );
  const kinds = new Map(back.map(({ id }, index) => [id, results[index]?.kind]));
  const repaired = await write(
    judged.flatMap(({ repairs }) => repairs),
    parts,
  );
  // A row that was changed meanwhile was on its way after all.
  const found = judged.filter((one) => one.found !== undefined && kinds.get(one.id) !== "condition failed");
  // What the table refuses for good can never be completed.
  const lost = found.filter((one) => one.found?.isLost === true || kinds.get(one.id) === "rejected");
  const inSandbox = await parts.sandboxMerchants.among(found.map(({ row }) => failingMerchantOf(row)));
  const isLive = ({ row }: { readonly row: AttributeMap }) => !inSandbox.has(failingMerchantOf(row) ?? "");
  tell("transactions lost", lost.filter(isLive), parts);
  tell("transactions found", found.filter(isLive), parts);
  return {
    found: found.filter(isLive).length,
    lost: lost.filter(isLive).length,
    foundInSandbox: found.filter((one) => !isLive(one)).length,
    lostInSandbox: lost.filter((one) => !isLive(one)).length,
    repaired: repaired.filter(({ kind }) => kind === "written").length,
    postponed: judged.filter(({ isPostponed }) => isPostponed === true).length,
  };
}

async function write(statements: readonly Statement[], { table }: SweepParts): Promise<WriteResult[]> {
  const results = await writeAll(table, statements);
  for (const result of results)
    if (result.kind === "unavailable")
      throw new AuditError(`The table does not take writes of the audit: ${result.error}. The part is tried again.`);
  return results;
}

function tell(
  message: string,
  rows: readonly (Judgement & { readonly id: string })[],
  { warn, scanned }: SweepParts,
): void {
  if (rows.length === 0) return;
  const named = rows.slice(0, MAX_NAMED).map(({ id, found }) => ({ transactionId: id, because: found?.because }));
  warn(message, { scanned, count: rows.length, transactions: named });
}
