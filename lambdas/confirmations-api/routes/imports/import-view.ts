/** An import as it is shown. */
import type { RowKind } from "../../../../core/imports/columns.ts";
import { importCountsOf, importSpecOf, type Upload } from "../../../../core/jobs/import/spec.ts";
import type { Job, Totals } from "../../../../core/jobs/job.ts";
import { IMPORT_STATES, type ImportView } from "./import-schema.ts";

export function importView(job: Job, totals: Totals): ImportView {
  const { jobId, asked, startedAt, doneAt } = job;
  const { fileName, of, bytes, refusal } = importSpecOf(job);
  return {
    ...askedView({ jobId, fileName, of, ...asked }),
    state: refusal === undefined ? stateOf(job) : "refused",
    ...(startedAt !== undefined && { startedAt: timeOf(startedAt) }),
    ...(doneAt !== undefined && { doneAt: timeOf(doneAt) }),
    bytes,
    counts: importCountsOf(job, totals),
    ...(refusal !== undefined && { refusal }),
  };
}

/** One whose file is not there yet, or is being looked through. */
export function uploadView(upload: Upload): ImportView {
  return {
    ...askedView(upload),
    state: "waiting",
    counts: { rows: 0, accepted: 0, rejected: 0, skipped: 0 },
  };
}

type AskedOf = Pick<Upload, "jobId" | "merchantId" | "reason" | "ratePerSecond" | "requestedBy" | "createdAt"> & {
  readonly fileName?: string | undefined;
  readonly of?: RowKind | undefined;
};

function askedView({
  jobId,
  fileName,
  of = "transactions",
  merchantId,
  reason,
  ratePerSecond,
  requestedBy,
  createdAt,
}: AskedOf) {
  return {
    jobId,
    ...(fileName !== undefined && { fileName }),
    of,
    ...(merchantId !== undefined && { merchantId }),
    reason,
    ratePerSecond,
    requestedBy,
    createdAt: timeOf(createdAt),
  };
}

function stateOf({ state }: Job): ImportView["state"] {
  return IMPORT_STATES.find((known) => known === state) ?? "running";
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
