/**
 * The kind `import`: takes blocks of a file one after the other, reads the bytes of each, submits its rows as the API
 * would, or notes them as what an old system confirmed, and keeps what was rejected beside the file. A block that is
 * done again comes to the same: a row that is there counts as accepted, and what was rejected is put under the same
 * name.
 */
import type { ImportFiles, StoredFile } from "../../../core/aws/import-files.ts";
import type { ResultFiles } from "../../../core/aws/result-files.ts";
import { acceptRows, type AcceptParts } from "../../../core/imports/accept-rows.ts";
import type { Block } from "../../../core/imports/cut-blocks.ts";
import { blocksKey, rejectedFolder, rejectedKey, resultKey, uploadKey } from "../../../core/imports/file-keys.ts";
import type { FileFormat } from "../../../core/imports/file-format.ts";
import { type NoteParts, noteRows } from "../../../core/imports/note-rows.ts";
import { readBlock, tooLongRow } from "../../../core/imports/read-block.ts";
import type { ReadRow } from "../../../core/imports/row.ts";
import { resultHeader, resultRows } from "../../../core/imports/result-file.ts";
import { type BlockEntry, blockTotals, readBlocks, readPlaces, writeBlocks } from "../../../core/jobs/import/entry.ts";
import { importCountsOf, importSpecOf } from "../../../core/jobs/import/spec.ts";
import type { Job } from "../../../core/jobs/job.ts";
import type { JobWork } from "../frame/job-work.ts";
import { inOrder } from "./in-order.ts";

export interface ImportWorkOptions extends AcceptParts, Pick<NoteParts, "noteElsewhere" | "noteUnknown"> {
  readonly files: Pick<ImportFiles, "read" | "text" | "put">;
  readonly results: Pick<ResultFiles, "list" | "putAll">;
  /** Whether a block of so many rows may be begun now. */
  readonly allow: (job: Job, rows: number) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Rows of a block that are submitted before it is written down how far it is. @default SLICE_ROWS */
  readonly sliceRows?: number;
}

/** As many as are taken in seconds, also where the table is throttled. */
const SLICE_ROWS = 250;

/** Blocks of a batch: each is written down with it whenever one of them is over. */
const MOST_IN_BATCH = 20;
/** Until a block that could not be begun is looked at again, and one that the table did not take. */
const AGAIN_MS = 100;
const UNAVAILABLE_MS = 1000;
/** Pieces of a result file that are read at once. */
const READ_AT_ONCE = 16;
const TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/x-ndjson" } as const;

export function importWork(options: ImportWorkOptions): JobWork<BlockEntry> {
  const { files, results, allow, now, sliceRows = SLICE_ROWS } = options;
  let places: { readonly jobId: string; readonly blocks: readonly Block[] } | undefined;
  let read: { readonly jobId: string; readonly number: number; readonly rows: readonly ReadRow[] } | undefined;
  const blocksOf = async (jobId: string): Promise<readonly Block[]> => {
    if (places?.jobId !== jobId) places = { jobId, blocks: readPlaces(await files.text(blocksKey(jobId))) };
    return places.blocks;
  };
  return {
    async find({ jobId, asked }, part, cursor, limit) {
      const blocks = await blocksOf(jobId);
      const from = cursor === undefined ? part : Number(cursor);
      const entries: BlockEntry[] = [];
      let number = from;
      for (; number < blocks.length && entries.length < Math.min(limit, MOST_IN_BATCH); number += asked.parts)
        entries.push({ number, block: blocks[number] as Block, status: "new", done: 0, rejected: 0 });
      return { entries, ...(number < blocks.length && { cursor: String(number) }) };
    },
    /** An import is never counted first: its pass over the file has done so. */
    async count() {
      return { totals: {}, sample: [] };
    },
    async advance(job, entries, mayBegin) {
      const next = entries.find(({ status }) => status === "new");
      if (next === undefined) return { entries, isBehind: false, open: 0 };
      if (!mayBegin) {
        const skipped = entries.map((entry) =>
          entry.status === "new" ? { ...entry, status: "skipped" as const } : entry,
        );
        return { entries: skipped, isBehind: false, open: 0 };
      }
      // One that was begun is allowed already.
      if (next.done === 0 && !(await allow(job, next.block.rows))) return waiting(entries, AGAIN_MS);
      const goneOn = await sliceDone(job, next);
      if (goneOn === undefined) return waiting(entries, UNAVAILABLE_MS);
      const all = entries.map((entry) => (entry === next ? goneOn : entry));
      return all.some(({ status }) => status === "new") ? waiting(all, 0) : { entries: all, isBehind: false, open: 0 };
    },
    totalsOf: blockTotals,
    async concluding(job, { rejected = 0 }) {
      const { file } = importSpecOf(job);
      if (file !== undefined && rejected > 0)
        await results.putAll(resultKey(job.jobId, file.format), TYPES[file.format.kind], resultOf(job, file.format));
      return undefined;
    },
    conclude: (_job, totals) => totals,
    write: writeBlocks,
    read: readBlocks,
  };

  function waiting(entries: readonly BlockEntry[], afterMs: number) {
    const open = entries.filter(({ status }) => status === "new").length;
    return { entries, wakeAt: now() + afterMs, isBehind: true, open };
  }

  /** @returns undefined where the table did not take all of its rows */
  async function sliceDone(job: Job, entry: BlockEntry): Promise<BlockEntry | undefined> {
    const { number, done } = entry;
    const { requestedBy, merchantId } = job.asked;
    const rows = await rowsOf(job, entry);
    const slice = rows.slice(done, done + sliceRows);
    const result =
      formatOf(job).of === "confirmations"
        ? await noteRows(slice, requestedBy, { ...options, nowMs: now })
        : await acceptRows(slice, { by: requestedBy, merchantId }, options);
    if (result.kind === "unavailable") return undefined;
    const { rejected } = result;
    if (rejected.length > 0) await files.put(rejectedKey(job.jobId, number, done), resultRows(rejected, formatOf(job)));
    const next = { ...entry, done: done + slice.length, rejected: entry.rejected + rejected.length };
    return { ...next, status: next.done < rows.length ? "new" : "over" };
  }

  /** Read once for all of its slices, as long as they follow each other. */
  async function rowsOf(job: Job, { number, block }: BlockEntry): Promise<readonly ReadRow[]> {
    const { jobId, asked } = job;
    if (read?.jobId === jobId && read.number === number) return read.rows;
    const { versionId, etag } = importSpecOf(job);
    const file: StoredFile = { key: uploadKey(jobId), versionId, etag };
    const rows =
      block.isTooLong === true
        ? [tooLongRow(block.line)]
        : readBlock(await files.read(file, block.from, block.to), block, {
            format: formatOf(job),
            merchantId: asked.merchantId,
          });
    read = { jobId, number, rows };
    return rows;
  }

  async function* resultOf({ jobId }: Job, format: FileFormat): AsyncGenerator<string> {
    yield resultHeader(format);
    yield* inOrder(await results.list(rejectedFolder(jobId)), READ_AT_ONCE, (key) => files.text(key));
  }
}

/** Of a job that has blocks, and so a file that was looked through. */
function formatOf(job: Job): FileFormat {
  return importSpecOf(job).file?.format ?? { kind: "jsonl" };
}

/** For the log. */
export function saidOfImport(job: Job): Readonly<Record<string, unknown>> {
  const { jobId, kind, state, totals = {} } = job;
  return { jobId, kind, state, ...importCountsOf(job, totals) };
}
