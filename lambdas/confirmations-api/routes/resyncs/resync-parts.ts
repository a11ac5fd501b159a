/** What the routes of resyncs work with. */
import type { AuditedWrites } from "../../../../core/aws/audited-writes.ts";
import type { JobPage, JobPlace } from "../../../../core/aws/list-jobs.ts";
import type { OpenJobs } from "../../../../core/aws/open-jobs.ts";
import type { JobStore } from "../../../../core/aws/job-store.ts";
import { notFound } from "../../../../core/api/api-error.ts";
import { progressOf } from "../../../../core/jobs/progress.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { readSnapshots, snapshotTotals } from "../../../../core/jobs/resync/entry.ts";
import { isJobId } from "../../../../core/transaction/message.ts";
import type { SendPartsParts } from "../send-parts.ts";
import { type ResyncView, resyncView } from "./resync-schema.ts";

export interface ResyncParts extends SendPartsParts {
  readonly jobStore: Pick<JobStore, "table" | "job" | "part" | "batch">;
  readonly openJobs: Pick<OpenJobs, "note">;
  readonly listResyncs: (limit: number, after: JobPlace | undefined) => Promise<JobPage>;
  readonly audited: Pick<AuditedWrites, "write">;
  /** Whether there is a topic of events. */
  readonly hasEvents: boolean;
  readonly nowMs: () => number;
}

export function resyncResource(jobId: string): string {
  return `resyncs/${jobId}`;
}

/** @throws ApiError for one that is not there */
export async function existingResync({ jobStore }: Pick<ResyncParts, "jobStore">, jobId: string): Promise<Job> {
  const job = isJobId(jobId) ? await jobStore.job(jobId) : undefined;
  if (job?.kind !== "resync") throw notFound("resync");
  return job;
}

export async function shownResync(job: Job, { jobStore }: Pick<ResyncParts, "jobStore">): Promise<ResyncView> {
  return resyncView(job, await progressOf(job, jobStore, (entries) => snapshotTotals(readSnapshots(entries))));
}
