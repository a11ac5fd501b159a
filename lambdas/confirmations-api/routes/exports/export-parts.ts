/** What the routes of exports work with. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { OperationId } from "../../../../core/access/operations.ts";
import type { Principal } from "../../../../core/access/principal.ts";
import { notFound } from "../../../../core/api/api-error.ts";
import { requireAccess } from "../../../../core/api/operation.ts";
import type { AuditedWrites } from "../../../../core/aws/audited-writes.ts";
import type { JobStore } from "../../../../core/aws/job-store.ts";
import type { JobPage, JobPlace } from "../../../../core/aws/list-jobs.ts";
import type { OpenJobs } from "../../../../core/aws/open-jobs.ts";
import { exportTotals, readExports } from "../../../../core/jobs/export/entry.ts";
import { exportSpecOf } from "../../../../core/jobs/export/spec.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { progressOf } from "../../../../core/jobs/progress.ts";
import { isJobId } from "../../../../core/transaction/message.ts";
import type { SendPartsParts } from "../send-parts.ts";
import type { ExportView } from "./export-schema.ts";
import { exportView } from "./export-view.ts";

export interface ExportParts extends SendPartsParts {
  readonly jobStore: Pick<JobStore, "table" | "job" | "part" | "batch">;
  readonly openJobs: Pick<OpenJobs, "note">;
  readonly listExports: (limit: number, after: JobPlace | undefined) => Promise<JobPage>;
  readonly audited: Pick<AuditedWrites, "write">;
  readonly s3: S3Client;
  /** Where files of exports are too. */
  readonly importsBucket: string;
  /** For which files are kept. */
  readonly keptDays: number;
  readonly nowMs: () => number;
}

export function exportResource(jobId: string): string {
  return `exports/${jobId}`;
}

/** @throws ApiError for one that is not there, or of another merchant than whoever is narrowed */
export async function existingExport(
  { jobStore }: Pick<ExportParts, "jobStore">,
  jobId: string,
  principal: Principal,
  operation: OperationId,
): Promise<Job> {
  const job = isJobId(jobId) ? await jobStore.job(jobId) : undefined;
  if (job?.kind !== "export") throw notFound("export");
  requireAccess(principal, operation, { merchantId: exportSpecOf(job).merchantId }, "export");
  return job;
}

export async function shownExport(
  job: Job,
  { jobStore, keptDays }: Pick<ExportParts, "jobStore" | "keptDays">,
): Promise<ExportView> {
  const totals = await progressOf(job, jobStore, (entries) => exportTotals(readExports(entries)));
  return exportView(job, totals, keptDays);
}
