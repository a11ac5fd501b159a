/** What the routes of restores work with. */
import type { AuditedWrites } from "../../../../core/aws/audited-writes.ts";
import type { EvidenceStore } from "../../../../core/aws/evidence-store.ts";
import type { JobStore } from "../../../../core/aws/job-store.ts";
import type { JobPage, JobPlace } from "../../../../core/aws/list-jobs.ts";
import type { OpenJobs } from "../../../../core/aws/open-jobs.ts";
import type { RestoredTable } from "../../../../core/aws/restored-table.ts";
import type { SurveyStore } from "../../../../core/aws/survey-store.ts";
import { notFound } from "../../../../core/api/api-error.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { progressOf } from "../../../../core/jobs/progress.ts";
import { readRestoreEntries, restoreTotals } from "../../../../core/jobs/restore/entry.ts";
import { isDecision, restoreSpecOf } from "../../../../core/jobs/restore/spec.ts";
import { isJobId } from "../../../../core/transaction/message.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import type { SendPartsParts } from "../send-parts.ts";
import type { RestoreView } from "./restore-schema.ts";
import { restoreView } from "./restore-view.ts";

export interface RestoreParts extends SendPartsParts {
  readonly transactionsTable: string;
  /** Seconds within which confirmations are in the journal; 0 where there is none. */
  readonly journalSeconds: number;
  /** @returns undefined where there is no such table */
  readonly describeRestored: (table: string) => Promise<RestoredTable | undefined>;
  readonly jobStore: Pick<JobStore, "table" | "job" | "part" | "batch">;
  readonly surveys: Pick<SurveyStore, "read">;
  readonly evidence: Pick<EvidenceStore, "listUnknown">;
  readonly readRows: (transactionIds: readonly string[]) => Promise<ReadonlyMap<string, AttributeMap>>;
  readonly openJobs: Pick<OpenJobs, "note">;
  readonly listRestores: (limit: number, after: JobPlace | undefined) => Promise<JobPage>;
  readonly audited: Pick<AuditedWrites, "write">;
  readonly nowMs: () => number;
}

export function restoreResource(jobId: string): string {
  return `restores/${jobId}`;
}

/** @throws ApiError for one that is not there */
export async function existingRestore({ jobStore }: Pick<RestoreParts, "jobStore">, jobId: string): Promise<Job> {
  const job = isJobId(jobId) ? await jobStore.job(jobId) : undefined;
  if (job?.kind !== "restore") throw notFound("restore");
  return job;
}

export async function shownRestore(
  job: Job,
  { jobStore, surveys }: Pick<RestoreParts, "jobStore" | "surveys">,
): Promise<RestoreView> {
  const [totals, survey] = await Promise.all([
    progressOf(job, jobStore, (entries) => restoreTotals(readRestoreEntries(entries))),
    isDecision(restoreSpecOf(job)) ? undefined : surveys.read(job.jobId),
  ]);
  return restoreView(job, totals, survey);
}
