/**
 * A file that was uploaded: looked through from end to end, cut into blocks, and made a job of, whose parts other
 * functions work on. Done again from the start it comes to the same, so whoever is killed in between costs time only.
 *
 *   event -> passed through -> places of blocks kept -> job noted as open -> job put -> parts sent
 */
import type { ImportFiles } from "../../core/aws/import-files.ts";
import type { FoundImport } from "../../core/aws/import-rows.ts";
import { cutBlocks } from "../../core/imports/cut-blocks.ts";
import { blocksKey, jobIdOfUpload } from "../../core/imports/file-keys.ts";
import { writePlaces } from "../../core/jobs/import/entry.ts";
import { importJob, importSpecOf, type ImportSpec } from "../../core/jobs/import/spec.ts";
import { isOver, type Job } from "../../core/jobs/job.ts";
import { type PartId, partsOf } from "../../core/jobs/part.ts";
import { peakMegabytes } from "../../core/telemetry/peak-memory.ts";
import type { Log } from "../../core/telemetry/log-error.ts";

/** What the event says of an object (Amazon S3 User Guide, "EventBridge event message structure"). */
export interface ArrivedFile {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly versionId?: string | undefined;
}

export interface FileArrivedParts {
  readonly files: Pick<ImportFiles, "pieces" | "put">;
  readonly read: (jobId: string) => Promise<FoundImport | undefined>;
  readonly note: (jobId: string, now: number) => Promise<void>;
  /** @returns false where it is a job already */
  readonly begin: (job: Job) => Promise<boolean>;
  readonly send: (parts: readonly PartId[]) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  readonly warn: Log;
  /** Rows of a block. @default BLOCK_ROWS */
  readonly blockRows?: number;
}

export async function fileArrived(file: ArrivedFile, parts: FileArrivedParts): Promise<void> {
  const { key, size, versionId } = file;
  const { files, read, note, begin, now, log, warn } = parts;
  // S3 says it without the quotes that it asks for.
  const etag = file.etag.startsWith('"') ? file.etag : `"${file.etag}"`;
  const jobId = jobIdOfUpload(key);
  const found = jobId === undefined ? undefined : await read(jobId);
  if (jobId === undefined || found === undefined) return warn("file of no import", { key });
  if ("job" in found) return again(found.job, etag, parts);
  const { upload } = found;
  const { merchantId, of } = upload;
  const beganAt = now();
  const cut = await cutBlocks(files.pieces({ key, versionId, etag }, size), {
    merchantId,
    of,
    ...(parts.blockRows !== undefined && { blockRows: parts.blockRows }),
  });
  const about = { bytes: size, etag, ...(versionId !== undefined && { versionId }) };
  if ("fault" in cut) {
    const refused: ImportSpec = { ...about, refusal: cut.fault };
    await begin(importJob(upload, refused, now()));
    const { code, line, byte } = cut.fault;
    return log("import refused", { jobId, code, line, byte, ...took(beganAt, now()) });
  }
  const { format, rows, blocks } = cut;
  await files.put(blocksKey(jobId), writePlaces(blocks));
  const job = importJob(upload, { ...about, file: { format, rows, blocks: blocks.length } }, now());
  await note(jobId, now());
  if (!(await begin(job))) return warn("import begun by another", { jobId });
  await sendAll(job, parts);
  return log("import begun", { jobId, rows, blocks: blocks.length, bytes: size, ...took(beganAt, now()) });
}

/** The event came twice, or whoever had it was killed before its parts were sent; of another upload nothing is done. */
async function again(job: Job, etag: string, parts: FileArrivedParts): Promise<void> {
  const { note, now, warn } = parts;
  const { jobId } = job;
  if (importSpecOf(job).etag !== etag) return warn("second file of an import", { jobId });
  if (isOver(job)) return;
  await note(jobId, now());
  await sendAll(job, parts);
}

function sendAll({ jobId, asked }: Job, { send }: Pick<FileArrivedParts, "send">): Promise<void> {
  return send(partsOf(jobId, "run", asked.parts));
}

/** For who asks what the importer takes: memory does not grow with the file. */
function took(beganAt: number, now: number) {
  return { tookMs: now - beganAt, peakMegabytes: peakMegabytes() };
}
