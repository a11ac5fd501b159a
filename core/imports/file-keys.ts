/** Where the files of an import are in their bucket. Each is named by the import alone, nothing by who uploads. */
import { isJobId } from "../transaction/message.ts";
import type { FileFormat } from "./file-format.ts";

export const UPLOADS_FOLDER = "uploads/";
export const WORK_FOLDER = "work/";
export const RESULTS_FOLDER = "results/";

const DIGITS = 8;

export function uploadKey(jobId: string): string {
  return `${UPLOADS_FOLDER}${jobId}`;
}

/** @returns undefined for the key of something else */
export function jobIdOfUpload(key: string): string | undefined {
  const jobId = key.startsWith(UPLOADS_FOLDER) ? key.slice(UPLOADS_FOLDER.length) : "";
  return isJobId(jobId) ? jobId : undefined;
}

/** The places of its blocks. */
export function blocksKey(jobId: string): string {
  return `${WORK_FOLDER}${jobId}/blocks`;
}

export function rejectedFolder(jobId: string): string {
  return `${WORK_FOLDER}${jobId}/rejected/`;
}

/** Of some rows of a block, from one on; in the order of their names they are in that of the file. */
export function rejectedKey(jobId: string, block: number, row: number): string {
  return `${rejectedFolder(jobId)}${padded(block)}-${padded(row)}`;
}

function padded(number: number): string {
  return String(number).padStart(DIGITS, "0");
}

export function resultKey(jobId: string, { kind }: Pick<FileFormat, "kind">): string {
  return `${RESULTS_FOLDER}${jobId}.${kind}`;
}
