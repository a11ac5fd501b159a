/** Columns of a CSV file: members of a transaction, and what a result file adds, which is not read as one. */
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

const KNOWN = new Set<string>([...ROW_COLUMNS, ...RESULT_COLUMNS]);
const RESULT = new Set<string>(RESULT_COLUMNS);

/** That no row can do without. */
export const NEEDED_COLUMNS = ["transactionId", "merchantId", "outcome", "amount", "currency", "occurredAt"] as const;

export function isKnownColumn(name: string): boolean {
  return KNOWN.has(name);
}

/** Whether it is one that a result file adds. */
export function isResultColumn(name: string): boolean {
  return RESULT.has(name);
}
