/**
 * What a job of the kind `export` is about: a merchant's transactions that occurred within a time, as one file. Rows
 * are read as they are when the job comes to them; those that come meanwhile may be in it.
 */
import type { ExportFormat } from "../../exports/export-file.ts";
import type { State } from "../../transaction/row/row-state.ts";
import type { Job, Totals } from "../job.ts";

/** Rows a second, unless somebody says otherwise. */
export const EXPORT_RATE = 2000;
export const MAX_EXPORT_RATE = 10_000;
/** Days that one may be of. */
export const MAX_EXPORT_DAYS = 366;
/** One, so that the file is in order. */
export const EXPORT_PARTS = 1;

export interface ExportSpec {
  readonly merchantId: string;
  /** Epoch milliseconds, of `occurredAt`; from is included, to is not. */
  readonly from: number;
  readonly to: number;
  readonly format: ExportFormat;
  /** All without it. */
  readonly state?: State;
}

export interface ExportCounts {
  /** Transactions that are in the file so far. */
  readonly rows: number;
  /** Of the file so far. */
  readonly bytes: number;
}

export function exportSpecOf({ asked }: Pick<Job, "asked">): ExportSpec {
  return asked.spec as ExportSpec;
}

export function exportCountsOf({ rows = 0, bytes = 0 }: Totals): ExportCounts {
  return { rows, bytes };
}

/** Whether there is a file: of one that is over, and was neither canceled nor too large. */
export function hasExportFile({ state, doneAt, totals = {} }: Pick<Job, "state" | "doneAt" | "totals">): boolean {
  return state === "done" && doneAt !== undefined && !isTooLarge(totals);
}

/** Whether it came to more than a file may have. */
export function isTooLarge(totals: Totals): boolean {
  return (totals["tooLarge"] ?? 0) > 0;
}
