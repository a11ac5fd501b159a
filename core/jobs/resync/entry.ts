/**
 * A transaction of a resync, as it is kept in a batch.
 *
 *   new -> published | skipped
 */
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Totals } from "../job.ts";

export const SNAPSHOT_STATUSES = ["new", "published", "skipped"] as const;
export type SnapshotStatus = (typeof SNAPSHOT_STATUSES)[number];

export interface SnapshotEntry {
  readonly transactionId: string;
  readonly status: SnapshotStatus;
  /** As it was found; it is not written down, and whoever reads the entry back reads the row anew. */
  readonly row?: AttributeMap;
}

export function snapshotTotals(entries: readonly SnapshotEntry[]): Totals {
  const totals: Record<string, number> = {};
  for (const { status } of entries) totals[status] = (totals[status] ?? 0) + 1;
  return totals;
}

export function writeSnapshots(entries: readonly SnapshotEntry[]): string {
  return JSON.stringify(entries.map(({ transactionId, status }) => [transactionId, SNAPSHOT_STATUSES.indexOf(status)]));
}

export function readSnapshots(text: string): readonly SnapshotEntry[] {
  if (text === "") return [];
  return (JSON.parse(text) as readonly (readonly [string, number])[]).map(([transactionId, status]) => ({
    transactionId,
    status: SNAPSHOT_STATUSES[status] ?? "new",
  }));
}
