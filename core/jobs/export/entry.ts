/**
 * An export, as it is kept in a batch: how far it has read, and what of its file is where. The one entry of its job. No
 * row is in it.
 *
 *   new (reads, page by page) -> new (has read all) -> over
 *   new -> canceled | too_large
 *   new -> new, from the beginning, where the bucket has lost what was there of the file
 */
import type { TransactionPlace } from "../../aws/merchant-transactions.ts";
import type { Totals } from "../job.ts";

export interface ExportEntry {
  readonly status: "new" | "over" | "canceled" | "too_large";
  readonly rows: number;
  readonly bytes: number;
  /** Where to go on reading; missing at the beginning. */
  readonly place?: TransactionPlace;
  /** Whether all was read. */
  readonly isRead?: true;
  /** Of the file that is put in parts; missing while it has none. */
  readonly uploadId?: string;
  /** Entity tags of its parts, in their order. */
  readonly tags: readonly string[];
  /** Name of what was read and is in no part yet; missing where there is nothing. */
  readonly rest?: string;
}

export const NEW_EXPORT: ExportEntry = { status: "new", rows: 0, bytes: 0, tags: [] };

export function exportTotals(entries: readonly ExportEntry[]): Totals {
  let [rows, bytes, tooLarge] = [0, 0, 0];
  for (const entry of entries) {
    rows += entry.rows;
    bytes += entry.bytes;
    if (entry.status === "too_large") tooLarge += 1;
  }
  return { rows, bytes, ...(tooLarge > 0 && { tooLarge }) };
}

export function writeExports(entries: readonly ExportEntry[]): string {
  return JSON.stringify(entries);
}

export function readExports(text: string): readonly ExportEntry[] {
  return text === "" ? [] : (JSON.parse(text) as readonly ExportEntry[]);
}
