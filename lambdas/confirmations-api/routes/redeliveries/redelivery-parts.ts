/** What the routes of redeliveries work with. */
import type { AuditedWrites } from "../../../../core/aws/audited-writes.ts";
import type { JobStore } from "../../../../core/aws/job-store.ts";
import type { JobPage, JobPlace } from "../../../../core/aws/list-jobs.ts";
import type { OpenJobs } from "../../../../core/aws/open-jobs.ts";
import { notFound } from "../../../../core/api/api-error.ts";
import { requireAccess } from "../../../../core/api/operation.ts";
import type { OperationId } from "../../../../core/access/operations.ts";
import type { Principal } from "../../../../core/access/principal.ts";
import { readEntries, totalsOf } from "../../../../core/jobs/redelivery/entry.ts";
import { progressOf } from "../../../../core/jobs/progress.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { isJobId } from "../../../../core/transaction/message.ts";
import type { SendPartsParts } from "../send-parts.ts";
import type { RedeliveryView } from "./redelivery-schema.ts";
import { viewOf } from "./redelivery-view.ts";

export interface RedeliveryParts extends SendPartsParts {
  readonly jobStore: Pick<JobStore, "table" | "job" | "part" | "batch">;
  readonly openJobs: Pick<OpenJobs, "note">;
  readonly listRedeliveries: (limit: number, after: JobPlace | undefined) => Promise<JobPage>;
  readonly audited: Pick<AuditedWrites, "write">;
  readonly merchantShards: number;
  readonly nowMs: () => number;
}

export function redeliveryResource(jobId: string): string {
  return `redeliveries/${jobId}`;
}

/** @throws ApiError for one that is not there, or another merchant's, or nobody's alone for whoever is narrowed */
export async function existingRedelivery(
  { jobStore }: Pick<RedeliveryParts, "jobStore">,
  jobId: string,
  principal: Principal,
  operation: OperationId,
): Promise<Job> {
  const job = isJobId(jobId) ? await jobStore.job(jobId) : undefined;
  if (job?.kind !== "redelivery") throw notFound("redelivery");
  requireAccess(principal, operation, { merchantId: job.asked.merchantId ?? "" }, "redelivery");
  return job;
}

export async function shown(job: Job, { jobStore }: Pick<RedeliveryParts, "jobStore">): Promise<RedeliveryView> {
  return viewOf(job, await progressOf(job, jobStore, (entries) => totalsOf(readEntries(entries))));
}
