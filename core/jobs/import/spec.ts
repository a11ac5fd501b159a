/**
 * What a job of the kind `import` is about: the rows of one version of a file, block by block. The job is put once its
 * file is there and was looked through; until then there is only the upload that was asked for.
 *
 *   upload (asked for) -> job, running (its file came, and can be read) | job, done at once (it was refused)
 */
import type { RowKind } from "../../imports/columns.ts";
import type { FileFault } from "../../imports/file-fault.ts";
import type { FileFormat } from "../../imports/file-format.ts";
import { TIME_TO_LIVE } from "../../settings/names.ts";
import { type AttributeMap, stringOf } from "../../transaction/attribute-value.ts";
import type { Job, Totals } from "../job.ts";

/** Rows a second, unless somebody says otherwise. */
export const IMPORT_RATE = 2000;
export const MAX_IMPORT_RATE = 10_000;
/** Parts of a large file: as many as the function has side by side, so that workers grow with the blocks. */
const MOST_PARTS = 8;
const BLOCKS_A_PART = 2;

/** Seconds for which a file may be uploaded after that was asked for. */
export const UPLOAD_SECONDS = 900;

export interface Upload {
  readonly jobId: string;
  /** As its owner calls it. */
  readonly fileName?: string;
  /** Whose rows alone it may have. */
  readonly merchantId?: string;
  /** What its rows are. @default transactions */
  readonly of?: RowKind;
  readonly reason: string;
  readonly requestedBy: string;
  readonly ratePerSecond: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface ImportSpec {
  readonly fileName?: string;
  /** What its rows are. @default transactions */
  readonly of?: RowKind;
  readonly bytes: number;
  /** Of the object; missing where its bucket keeps none. */
  readonly versionId?: string;
  /** Of the object too, so that no other one is read in its place. */
  readonly etag: string;
  /** Missing for a file that was refused. */
  readonly file?: { readonly format: FileFormat; readonly rows: number; readonly blocks: number };
  readonly refusal?: FileFault;
}

export interface ImportCounts {
  /** Of the file. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Not looked at, as the import was canceled. */
  readonly skipped: number;
}

function partsFor(blocks: number): number {
  return Math.min(MOST_PARTS, Math.max(1, Math.ceil(blocks / BLOCKS_A_PART)));
}

export function importSpecOf({ asked }: Pick<Job, "asked">): ImportSpec {
  return asked.spec as ImportSpec;
}

export function importCountsOf(job: Job, totals: Totals): ImportCounts {
  const { accepted = 0, rejected = 0, skipped = 0 } = totals;
  const rows = importSpecOf(job).file?.rows ?? 0;
  // What was not begun is in no total.
  return { rows, accepted, rejected, skipped: job.doneAt === undefined ? skipped : rows - accepted - rejected };
}

const UPLOAD = "upload";
/** Longer than its file may come; the job of it has a time of its own. */
const KEPT_SECONDS = 86_400;

/** To be put on the condition that there is none of its id. */
export function uploadRow(upload: Upload): AttributeMap {
  return {
    jobId: { S: upload.jobId },
    [UPLOAD]: { S: JSON.stringify(upload) },
    [TIME_TO_LIVE]: { N: String(Math.floor(upload.createdAt / 1000) + KEPT_SECONDS) },
  };
}

/** @returns undefined for another row of the table, and once the job is there */
export function readUploadRow(row: AttributeMap): Upload | undefined {
  const text = stringOf(row[UPLOAD]);
  return text === undefined ? undefined : (JSON.parse(text) as Upload);
}

/** The job of an upload whose file came. @param now epoch milliseconds */
export function importJob(upload: Upload, spec: ImportSpec, now: number): Job {
  const { jobId, fileName, merchantId, of, reason, requestedBy, ratePerSecond, createdAt } = upload;
  const parts = partsFor(spec.file?.blocks ?? 0);
  const isRefused = spec.refusal !== undefined;
  return {
    jobId,
    kind: "import",
    state: isRefused ? "done" : "running",
    asked: {
      spec: { ...spec, ...(fileName !== undefined && { fileName }), ...(of !== undefined && { of }) },
      ...(merchantId !== undefined && { merchantId }),
      reason,
      requestedBy,
      ratePerSecond,
      // It reads no index.
      asOf: createdAt,
      createdAt,
      parts,
    },
    startedAt: now,
    ...(isRefused && { doneAt: now, totals: {} }),
  };
}
