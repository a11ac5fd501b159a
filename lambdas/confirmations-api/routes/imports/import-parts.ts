/** What the routes of uploaded files work with. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { OperationId } from "../../../../core/access/operations.ts";
import type { Principal } from "../../../../core/access/principal.ts";
import { ApiError, notFound } from "../../../../core/api/api-error.ts";
import { requireAccess } from "../../../../core/api/operation.ts";
import type { AuditedWrites } from "../../../../core/aws/audited-writes.ts";
import type { FoundImport } from "../../../../core/aws/import-rows.ts";
import type { JobStore } from "../../../../core/aws/job-store.ts";
import type { JobPage, JobPlace } from "../../../../core/aws/list-jobs.ts";
import type { OpenJobs } from "../../../../core/aws/open-jobs.ts";
import type { RowKind } from "../../../../core/imports/columns.ts";
import { blockTotals, readBlocks } from "../../../../core/jobs/import/entry.ts";
import { progressOf } from "../../../../core/jobs/progress.ts";
import { isJobId } from "../../../../core/transaction/message.ts";
import type { SendPartsParts } from "../send-parts.ts";
import type { ImportView } from "./import-schema.ts";
import { importView, uploadView } from "./import-view.ts";

export interface ImportParts extends SendPartsParts {
  readonly jobStore: Pick<JobStore, "table" | "job" | "part" | "batch">;
  readonly openJobs: Pick<OpenJobs, "note">;
  readonly readImport: (jobId: string) => Promise<FoundImport | undefined>;
  readonly listImports: (limit: number, after: JobPlace | undefined) => Promise<JobPage>;
  readonly audited: Pick<AuditedWrites, "write">;
  readonly s3: S3Client;
  readonly importsBucket: string;
  readonly maxImportBytes: number;
  readonly nowMs: () => number;
}

export function importResource(jobId: string): string {
  return `imports/${jobId}`;
}

/** @throws ApiError for one that is not there, or another merchant's, or nobody's alone for whoever is narrowed */
export async function existingImport(
  { readImport }: Pick<ImportParts, "readImport">,
  jobId: string,
  principal: Principal,
  operation: OperationId,
): Promise<FoundImport> {
  const found = isJobId(jobId) ? await readImport(jobId) : undefined;
  if (found === undefined) throw notFound("import");
  const merchantId = "job" in found ? found.job.asked.merchantId : found.upload.merchantId;
  requireAccess(principal, operation, { merchantId: merchantId ?? "" }, "import");
  return found;
}

export async function shownImport(
  found: FoundImport,
  { jobStore }: Pick<ImportParts, "jobStore">,
): Promise<ImportView> {
  if ("upload" in found) return uploadView(found.upload);
  const { job } = found;
  return importView(job, await progressOf(job, jobStore, (entries) => blockTotals(readBlocks(entries))));
}

/** What an old system confirmed is the company's to say. @throws ApiError for a token that is narrowed to a merchant */
export function requireMayImport(of: RowKind, merchantId: string | undefined): void {
  if (of === "transactions" || merchantId === undefined) return;
  throw new ApiError(
    "API_TOKEN_NARROWED",
    "got an access token that is narrowed to one merchant, expected one of the payments company for confirmations.",
  );
}
