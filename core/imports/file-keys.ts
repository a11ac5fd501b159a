/** Where files of imports and exports are in their bucket. Each is named by its job alone, nothing by who uploads. */
import { isJobId } from "../transaction/message.ts";
import type { FileFormat } from "./file-format.ts";

export const UPLOADS_FOLDER = "uploads/";
export const WORK_FOLDER = "work/";
export const RESULTS_FOLDER = "results/";
export const EXPORTS_FOLDER = "exports/";

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

/** @param kind as `EXPORT_FORMATS` has it */
export function exportKey(jobId: string, kind: string): string {
  return `${EXPORTS_FOLDER}${jobId}.${kind}`;
}

/** What was read of an export and is in no part of its file yet. @param name of its own each time */
export function exportRestKey(jobId: string, name: string): string {
  return `${WORK_FOLDER}${jobId}/rest/${name}`;
}
