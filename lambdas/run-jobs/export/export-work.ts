/**
 * The kind `export`: reads a merchant's transactions in the order of their time and writes them into one file, a turn
 * of seconds after the other. A turn that is done again reads from the same place, and what it writes counts only with
 * the entry that names it, so that each transaction is in the file once, whoever is killed.
 *
 *   page of rows ──► text ──► rest (an object) until it is a part's worth ──► part of the file ──► file, whole
 */
import { randomBytes } from "node:crypto";
import { type ExportFiles, type FileDescription, MOST_PARTS, PART_BYTES } from "../../../core/aws/export-files.ts";
import { type ListParts, passMerchantTransactions } from "../../../core/aws/merchant-transactions.ts";
import { EXPORT_TYPES, exportHeader, exportLine } from "../../../core/exports/export-file.ts";
import { exportedRow } from "../../../core/exports/export-row.ts";
import { exportKey, exportRestKey } from "../../../core/imports/file-keys.ts";
import {
  type ExportEntry,
  exportTotals,
  NEW_EXPORT,
  readExports,
  writeExports,
} from "../../../core/jobs/export/entry.ts";
import { exportCountsOf, type ExportSpec, exportSpecOf, isTooLarge } from "../../../core/jobs/export/spec.ts";
import type { Job } from "../../../core/jobs/job.ts";
import type { Advanced, JobWork } from "../frame/job-work.ts";

export interface ExportWorkOptions extends ListParts {
  readonly files: Pick<ExportFiles, "begin" | "add" | "complete" | "abort" | "put" | "putRest" | "readRest" | "size">;
  /** How many rows may be read now, of so many. */
  readonly allow: (job: Job, count: number) => Promise<number>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Bytes that are a part's worth. @default PART_BYTES */
  readonly partBytes?: number;
  /** Parts that a file may have. @default MOST_PARTS */
  readonly mostParts?: number;
}

/** Of one turn: pause and cancel are seen after it. */
const TURN_MS = 3000;
/** Rows that are asked for at once. */
const ASKED_FOR = 500;
/** Until more may be read, or a service is asked again. */
const AGAIN_MS = 100;
const NAME_BYTES = 6;

export function exportWork(options: ExportWorkOptions): JobWork<ExportEntry> {
  const { files, allow, now, pause, partBytes = PART_BYTES, mostParts = MOST_PARTS } = options;
  return {
    async find(_job, part) {
      return { entries: part === 0 ? [NEW_EXPORT] : [] };
    },
    /** An export is never counted first: the index has no counts. */
    async count() {
      return { totals: {}, sample: [] };
    },
    async advance(job, entries, mayBegin) {
      const [entry = NEW_EXPORT] = entries;
      if (entry.status !== "new") return over(entry);
      const file = fileOf(job);
      if (!mayBegin) return over(await given(entry, "canceled", file));
      if (entry.isRead === true) return finish(entry, file, job);
      if (entry.tags.length >= mostParts) return over(await given(entry, "too_large", file));
      return goOn(entry, file, job);
    },
    totalsOf: exportTotals,
    conclude: (_job, totals) => totals,
    write: writeExports,
    read: readExports,
  };

  async function goOn(entry: ExportEntry, file: FileDescription, job: Job): Promise<Advanced<ExportEntry>> {
    const rest = await restOf(entry, job);
    if (rest === undefined) return again(NEW_EXPORT);
    const read = await readTurn(entry, partBytes - rest.length, job);
    if (read.rows === 0 && !read.isRead && read.text === "") return again({ ...entry, ...placeOf(read) }, AGAIN_MS);
    const bytes = Buffer.concat([rest, Buffer.from(read.text)]);
    const { rest: _, ...before } = entry;
    const next: ExportEntry = {
      ...before,
      rows: entry.rows + read.rows,
      bytes: entry.bytes + bytes.length - rest.length,
      ...placeOf(read),
      ...(read.isRead && { isRead: true as const }),
    };
    if (bytes.length >= partBytes) {
      const uploadId = entry.uploadId ?? (await files.begin(file));
      const tag = await files.add(file.key, uploadId, entry.tags.length + 1, bytes);
      return again(tag === undefined ? NEW_EXPORT : { ...next, uploadId, tags: [...entry.tags, tag] });
    }
    if (bytes.length === 0) return again(next);
    // Of a name of its own: what somebody wrote who was overtaken since is in no file.
    const name = randomBytes(NAME_BYTES).toString("hex");
    await files.putRest(exportRestKey(job.jobId, name), bytes);
    return again({ ...next, rest: name });
  }

  /** Pages until there is a part's worth, the turn is over, or no more may be read now. */
  async function readTurn(entry: ExportEntry, wanted: number, job: Job) {
    const spec = exportSpecOf(job);
    const filter = { merchantId: spec.merchantId, fromMs: spec.from, toMs: spec.to, state: spec.state };
    const until = now() + TURN_MS;
    let text = entry.bytes === 0 ? exportHeader(spec.format) : "";
    let { place } = entry;
    let [rows, allowed, isRead] = [0, 0, false];
    while (!isRead && text.length < wanted && now() < until) {
      if (allowed === 0) allowed = await allow(job, ASKED_FOR);
      if (allowed === 0) {
        await pause(AGAIN_MS);
        continue;
      }
      const page = await passMerchantTransactions(filter, allowed, place, options);
      for (const row of page.rows) text += exportLine(exportedRow(row), spec.format);
      rows += page.rows.length;
      allowed -= page.rows.length;
      place = page.next;
      isRead = place === undefined;
    }
    return { text, rows, place, isRead };
  }

  async function finish(entry: ExportEntry, file: FileDescription, job: Job): Promise<Advanced<ExportEntry>> {
    const rest = await restOf(entry, job);
    if (rest === undefined) return again(NEW_EXPORT);
    const { uploadId, tags } = entry;
    if (uploadId === undefined) {
      await files.put(file, rest);
      return over({ ...entry, status: "over" });
    }
    const last = rest.length === 0 ? [] : [await files.add(file.key, uploadId, tags.length + 1, rest)];
    const all = [...tags, ...last].filter((tag) => tag !== undefined);
    const isWhole = all.length === tags.length + last.length && (await files.complete(file.key, uploadId, all));
    // It may have been completed before, by somebody who did not come to say so.
    if (!isWhole && (await files.size(file.key)) !== entry.bytes) return again(NEW_EXPORT);
    return over({ ...entry, status: "over" });
  }

  /** @returns undefined where it is lost */
  async function restOf({ rest }: ExportEntry, { jobId }: Job): Promise<Uint8Array | undefined> {
    return rest === undefined ? new Uint8Array() : files.readRest(exportRestKey(jobId, rest));
  }

  async function given(entry: ExportEntry, status: "canceled" | "too_large", { key }: FileDescription) {
    if (entry.uploadId !== undefined) await files.abort(key, entry.uploadId);
    return { ...entry, status };
  }

  function again(entry: ExportEntry, afterMs = 0): Advanced<ExportEntry> {
    return { entries: [entry], wakeAt: now() + afterMs, isBehind: true, open: 1 };
  }
}

/** Its tags are of no use any more, and would be many. */
function over(entry: ExportEntry): Advanced<ExportEntry> {
  return { entries: [{ ...entry, tags: [] }], isBehind: false, open: 0 };
}

function placeOf({ place }: { readonly place: ExportEntry["place"] | undefined }): Pick<ExportEntry, "place"> {
  return place === undefined ? {} : { place };
}

function fileOf(job: Job): FileDescription {
  const { format }: ExportSpec = exportSpecOf(job);
  const fileName = `${job.jobId}.${format}`;
  return { key: exportKey(job.jobId, format), contentType: EXPORT_TYPES[format], fileName };
}

/** For the log. */
export function saidOfExport({ jobId, kind, state, totals = {} }: Job): Readonly<Record<string, unknown>> {
  return { jobId, kind, state, ...exportCountsOf(totals), ...(isTooLarge(totals) && { isTooLarge: true }) };
}
