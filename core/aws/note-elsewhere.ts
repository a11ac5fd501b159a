/**
 * Notes what the old system says that it confirmed: rows are read, judged, and written to only as they were read, until
 * each write fits. Said twice it comes to the same; the first word of a version stays.
 */
import type { Log } from "../telemetry/log-error.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { type ElsewhereVerdict, isOverlap, judgeElsewhere } from "../transaction/row/elsewhere.ts";
import { ownerOf } from "../transaction/row/acknowledgement.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { writeElsewhere } from "../transaction/row/elsewhere.ts";
import { confirmElsewhereStatement, noteElsewhereStatement } from "./statements/elsewhere.ts";
import { MAX_READS, type TransactionsTable } from "./transactions-table.ts";
import { writeAll } from "./write-all.ts";

/** One that the old system confirmed. */
export interface SaidElsewhere {
  readonly transactionId: string;
  readonly version: number;
  /** When it did, epoch milliseconds. */
  readonly at: number;
  /** Whose it is, where that was said. */
  readonly merchantId?: string | undefined;
}

export interface NoteElsewhereParts {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly settledDays: number;
  readonly nowMs: () => number;
  readonly warn: Log;
}

export type NotedElsewhere =
  /** It is on the row now, or was before. @member isOverlap it was delivered from here too */
  | { readonly kind: "noted"; readonly isOverlap: boolean; readonly merchantId: string | undefined }
  | { readonly kind: "unknown" | "superseded" | "foreign" }
  /** The table did not take it. */
  | { readonly kind: "unavailable"; readonly error: string };

/** Each takes a write of somebody else between a read and a write of ours. */
const MOST_ROUNDS = 10;
const MOST_NAMED = 20;

/**
 * @param by whose token it is
 * @returns one result for each, in order. @throws what the reads throw
 */
export async function noteElsewhere(
  said: readonly SaidElsewhere[],
  by: string,
  parts: NoteElsewhereParts,
): Promise<NotedElsewhere[]> {
  const results: NotedElsewhere[] = said.map(() => ({ kind: "unavailable", error: "the row is written to by others" }));
  let left = said.map((_, index) => index);
  for (let round = 0; left.length > 0 && round < MOST_ROUNDS; round += 1)
    left = await noteOnce(said, left, by, results, parts);
  tell(said, results, parts);
  return results;
}

/** @returns those whose rows were written to meanwhile */
async function noteOnce(
  said: readonly SaidElsewhere[],
  left: readonly number[],
  by: string,
  results: NotedElsewhere[],
  parts: NoteElsewhereParts,
): Promise<number[]> {
  const rows = await rowsOf([...new Set(left.map((index) => idOf(said, index)))], parts);
  const again: number[] = [];
  const toWrite: number[] = [];
  // Of one row one at a time: the others find what it has written.
  const busy = new Set<string>();
  for (const index of left) {
    const one = said[index] as SaidElsewhere;
    const row = rows.get(one.transactionId);
    const verdict = verdictOn(row, one);
    if (row === undefined || (verdict !== "confirm" && verdict !== "note")) results[index] = resultOf(verdict, row);
    else if (busy.has(one.transactionId)) again.push(index);
    else {
      busy.add(one.transactionId);
      toWrite.push(index);
    }
  }
  const written = await writeAll(
    parts.table,
    toWrite.map((index) => statementFor(said[index] as SaidElsewhere, rows, by, parts)),
  );
  for (const [at, index] of toWrite.entries()) {
    const result = written[at];
    const { version, at: confirmedAt } = said[index] as SaidElsewhere;
    const row = rows.get(idOf(said, index)) as AttributeMap;
    if (result?.kind === "written") {
      const noted = writeElsewhere({ version, at: confirmedAt, notedAt: confirmedAt, by });
      results[index] = resultOf("known", { ...row, [ATTRIBUTES.saidElsewhere]: noted });
    } else if (result?.kind === "condition failed") again.push(index);
    else results[index] = { kind: "unavailable", error: result?.error ?? "no response" };
  }
  return again;
}

function verdictOn(
  row: AttributeMap | undefined,
  { version, merchantId }: SaidElsewhere,
): ElsewhereVerdict | "foreign" {
  if (row !== undefined && merchantId !== undefined && ownerOf(row) !== merchantId) return "foreign";
  return judgeElsewhere(row, version);
}

function statementFor(
  { transactionId, version, at }: SaidElsewhere,
  rows: ReadonlyMap<string, AttributeMap>,
  by: string,
  { table, settledDays, nowMs }: NoteElsewhereParts,
) {
  const row = rows.get(transactionId) as AttributeMap;
  const elsewhere = { version, at, notedAt: nowMs(), by };
  return judgeElsewhere(row, version) === "confirm"
    ? confirmElsewhereStatement(table.name, row, elsewhere, settledDays)
    : noteElsewhereStatement(table.name, row, elsewhere);
}

function resultOf(verdict: ElsewhereVerdict | "foreign", row: AttributeMap | undefined): NotedElsewhere {
  if (verdict === "unknown" || verdict === "superseded" || verdict === "foreign") return { kind: verdict };
  return { kind: "noted", isOverlap: row !== undefined && isOverlap(row), merchantId: row && ownerOf(row) };
}

async function rowsOf(ids: readonly string[], { table }: NoteElsewhereParts): Promise<Map<string, AttributeMap>> {
  const rows = new Map<string, AttributeMap>();
  for (let from = 0; from < ids.length; from += MAX_READS)
    for (const [id, row] of await table.read(ids.slice(from, from + MAX_READS))) rows.set(id, row);
  return rows;
}

function idOf(said: readonly SaidElsewhere[], index: number): string {
  return said[index]?.transactionId ?? "";
}

/** What both confirmed is what a cut-over must not come to. */
function tell(said: readonly SaidElsewhere[], results: readonly NotedElsewhere[], { warn }: NoteElsewhereParts): void {
  const both = said.filter((_, index) => {
    const result = results[index];
    return result?.kind === "noted" && result.isOverlap;
  });
  if (both.length === 0) return;
  const transactions = both.slice(0, MOST_NAMED).map(({ transactionId, version }) => ({ transactionId, version }));
  warn("confirmed by both systems", { count: both.length, transactions });
}
