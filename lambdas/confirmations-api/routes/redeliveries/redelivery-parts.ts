/** What the routes of redeliveries work with. */
import type { AuditedWrites } from "../../../../core/aws/audited-writes.ts";
import type { JobStore } from "../../../../core/aws/job-store.ts";
import type { JobPage, JobPlace } from "../../../../core/aws/list-jobs.ts";
import type { OpenJobs } from "../../../../core/aws/open-jobs.ts";
import { ApiError, notFound } from "../../../../core/api/api-error.ts";
import { requireAccess } from "../../../../core/api/operation.ts";
import type { OperationId } from "../../../../core/access/operations.ts";
import type { Principal } from "../../../../core/access/principal.ts";
import { readEntries, totalsOf } from "../../../../core/jobs/redelivery/entry.ts";
import { progressOf } from "../../../../core/jobs/progress.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { type PartId, partsOf, type Pass } from "../../../../core/jobs/part.ts";
import { isJobId } from "../../../../core/transaction/message.ts";
import type { RedeliveryView } from "./redelivery-schema.ts";
import { viewOf } from "./redelivery-view.ts";

export interface RedeliveryParts {
  readonly jobStore: Pick<JobStore, "table" | "job" | "part" | "batch">;
  readonly openJobs: Pick<OpenJobs, "note">;
  readonly listRedeliveries: (limit: number, after: JobPlace | undefined) => Promise<JobPage>;
  /** @param afterMs milliseconds for which they are held back */
  readonly sendParts: (parts: readonly PartId[], afterMs: number) => Promise<void>;
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

/** @throws ApiError where SQS took not all of them: they are sent again by whoever resumes the job */
export async function sendAllParts(
  { jobId, asked }: Job,
  pass: Pass,
  { sendParts }: Pick<RedeliveryParts, "sendParts">,
  afterMs = 0,
): Promise<void> {
  try {
    await sendParts(partsOf(jobId, pass, asked.parts), afterMs);
  } catch (cause) {
    throw new ApiError(
      "API_UNAVAILABLE",
      `The redelivery ${jobId} is noted, and its work could not be queued; send POST /v1/redeliveries/${jobId}/resume.`,
      { headers: { location: `/v1/redeliveries/${jobId}`, "retry-after": "1" }, cause },
    );
  }
}
