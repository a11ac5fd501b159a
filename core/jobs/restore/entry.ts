/**
 * A transaction of a restore, as it is kept in a batch. What was written is on its row too, so that whoever does it
 * again after a kill comes to the same.
 *
 *   new -> one of `RESTORE_ENDS`
 */
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Totals } from "../job.ts";
import { RESTORE_ENDS, type RestoreEnd } from "./spec.ts";

export interface RestoreEntry {
  readonly transactionId: string;
  readonly status: "new" | RestoreEnd;
  /** As the backup has it; it is not written down, and whoever reads the entry back reads the row anew. */
  readonly backup?: AttributeMap;
}

const STATUSES = ["new", ...RESTORE_ENDS] as const;

export function restoreTotals(entries: readonly RestoreEntry[]): Totals {
  const totals: Record<string, number> = {};
  for (const { status } of entries) totals[status] = (totals[status] ?? 0) + 1;
  return totals;
}

export function writeRestoreEntries(entries: readonly RestoreEntry[]): string {
  return JSON.stringify(entries.map(({ transactionId, status }) => [transactionId, STATUSES.indexOf(status)]));
}

export function readRestoreEntries(text: string): readonly RestoreEntry[] {
  if (text === "") return [];
  return (JSON.parse(text) as readonly (readonly [string, number])[]).map(([transactionId, status]) => ({
    transactionId,
    status: STATUSES[status] ?? "new",
  }));
}
