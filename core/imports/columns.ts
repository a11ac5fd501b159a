/**
 * Columns of a CSV file, by what its rows are: members of a transaction, or of what an old system confirmed. And what
 * result files and exports add, which is not read as one.
 */
import { contentShape } from "../intake/submission.ts";

/** What the rows of a file are: transactions to submit, or lines of the log of a system that confirmed some. */
export const ROW_KINDS = ["transactions", "confirmations"] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** Members of a transaction that a cell can hold; `payload` is JSON of an object. */
export const ROW_COLUMNS: readonly string[] = ["transactionId", ...Object.keys(contentShape)];

/** Of a result file, after the columns of the file that it is of. */
export const RESULT_COLUMNS = [
  "rejectedLine",
  "rejectedCode",
  "rejectedField",
  "rejectedReason",
  "rejectedText",
  "escapedCells",
] as const;
/** Names the columns of its row whose cells are escaped. */
export const ESCAPED_CELLS = "escapedCells";
/** Of an export, after the members of a transaction: what became of it. */
export const EXPORT_COLUMNS = [
  "exportedVersion",
  "exportedState",
  "exportedAttempts",
  "exportedRecordedAt",
  "exportedFailure",
  "exportedConfirmedBy",
  "exportedErasedAt",
  ESCAPED_CELLS,
] as const;

const CONFIRMATION_COLUMNS = ["transactionId", "version", "merchantId", "confirmedAt"] as const;
const ADDED = new Set<string>([...RESULT_COLUMNS, ...EXPORT_COLUMNS]);
const KNOWN: Readonly<Record<RowKind, ReadonlySet<string>>> = {
  transactions: new Set([...ROW_COLUMNS, ...ADDED]),
  confirmations: new Set<string>([...CONFIRMATION_COLUMNS, ...RESULT_COLUMNS]),
};

/** That no row can do without. */
const NEEDED: Readonly<Record<RowKind, readonly string[]>> = {
  transactions: ["transactionId", "merchantId", "outcome", "amount", "currency", "occurredAt"],
  confirmations: ["transactionId", "confirmedAt"],
};

export function isKnownColumn(name: string, of: RowKind): boolean {
  return KNOWN[of].has(name);
}

export function neededColumns(of: RowKind): readonly string[] {
  return NEEDED[of];
}

/** Whether it is one that a result file or an export adds. */
export function isAddedColumn(name: string): boolean {
  return ADDED.has(name);
}
