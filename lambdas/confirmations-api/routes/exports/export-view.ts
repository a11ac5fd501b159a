/** An export as it is shown. */
import { exportCountsOf, exportSpecOf, hasExportFile, isTooLarge } from "../../../../core/jobs/export/spec.ts";
import type { Job, Totals } from "../../../../core/jobs/job.ts";
import { EXPORT_STATES, type ExportView } from "./export-schema.ts";

const DAY_MS = 86_400_000;

/** @param keptDays for which files are kept */
export function exportView(job: Job, totals: Totals, keptDays: number): ExportView {
  const { jobId, asked, doneAt } = job;
  const { merchantId, from, to, format, state } = exportSpecOf(job);
  const until = fileUntil(job, keptDays);
  return {
    jobId,
    state: stateOf(job),
    merchantId,
    from: timeOf(from),
    to: timeOf(to),
    format,
    ...(state !== undefined && { transactionState: state }),
    reason: asked.reason,
    ratePerSecond: asked.ratePerSecond,
    requestedBy: asked.requestedBy,
    createdAt: timeOf(asked.createdAt),
    ...(doneAt !== undefined && { doneAt: timeOf(doneAt) }),
    ...(until !== undefined && { fileUntil: timeOf(until) }),
    counts: exportCountsOf(totals),
  };
}

/** Epoch milliseconds until which its file is there; undefined where it has none. */
export function fileUntil(job: Job, keptDays: number): number | undefined {
  return hasExportFile(job) && job.doneAt !== undefined ? job.doneAt + keptDays * DAY_MS : undefined;
}

function stateOf({ state, totals = {} }: Job): ExportView["state"] {
  if (isTooLarge(totals)) return "too_large";
  return EXPORT_STATES.find((known) => known === state) ?? "running";
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
