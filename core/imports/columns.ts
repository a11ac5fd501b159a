/** Columns of a CSV file: members of a transaction, and what result files and exports add, which is not read as one. */
import { contentShape } from "../intake/submission.ts";

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
  ESCAPED_CELLS,
] as const;

const ADDED = new Set<string>([...RESULT_COLUMNS, ...EXPORT_COLUMNS]);
const KNOWN = new Set<string>([...ROW_COLUMNS, ...ADDED]);

/** That no row can do without. */
export const NEEDED_COLUMNS = ["transactionId", "merchantId", "outcome", "amount", "currency", "occurredAt"] as const;

export function isKnownColumn(name: string): boolean {
  return KNOWN.has(name);
}

/** Whether it is one that a result file or an export adds. */
export function isAddedColumn(name: string): boolean {
  return ADDED.has(name);
}
