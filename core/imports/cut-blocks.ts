/**
 * The pass over a whole file: is it text that can be read, and where are its blocks? It keeps the places of blocks and
 * the chunk at hand, so that its memory does not grow with the file but for some 50 bytes for each 1,000 rows.
 */
import { ByteCheck } from "./check-bytes.ts";
import { type CutRecord, RecordCutter } from "./cut-records.ts";
import { type BeginningOptions, fileBeginning, type FileFormat } from "./file-format.ts";
import type { FileFault } from "./file-fault.ts";
import { BLOCK_BYTES, BLOCK_ROWS, MAX_HEADER_BYTES } from "./limits.ts";

export interface Block {
  /** Bytes of the file, from 0, in which its rows are and no others. */
  readonly from: number;
  readonly to: number;
  /** Of its first row, from 1. */
  readonly line: number;
  readonly rows: number;
  /** One row that is longer than any may be: it is not read again. */
  readonly isTooLong?: true;
}

export interface CutFile {
  readonly format: FileFormat;
  readonly rows: number;
  readonly bytes: number;
  readonly blocks: readonly Block[];
}

export interface CutOptions extends Omit<BeginningOptions, "isWhole"> {
  /** Most of a block. @default BLOCK_ROWS */
  readonly blockRows?: number;
}

export async function cutBlocks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CutOptions = {},
): Promise<CutFile | { readonly fault: FileFault }> {
  const check = new ByteCheck();
  let first: Uint8Array | undefined = new Uint8Array();
  let begun: { readonly format: FileFormat; readonly cutter: RecordCutter } | undefined;
  let fault: FileFault | undefined;
  let bytes = 0;
  const blocks = new Blocks(options.blockRows ?? BLOCK_ROWS);
  const begin = (head: Uint8Array, isWhole: boolean): FileFault | undefined => {
    const beginning = fileBeginning(head, { ...options, isWhole });
    if ("fault" in beginning) return beginning.fault;
    const { format, from, line } = beginning;
    const delimiter = format.kind === "csv" ? format.delimiter : undefined;
    begun = { format, cutter: new RecordCutter({ delimiter, from, line }) };
    blocks.add(begun.cutter.push(head.subarray(from)));
    return undefined;
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (first !== undefined) {
      first = Buffer.concat([first, chunk]);
      if (first.length < MAX_HEADER_BYTES) continue;
      fault = faultOfBeginning(first, false, begin, check);
      first = undefined;
    } else {
      fault = check.push(chunk);
      blocks.add(begun?.cutter.push(chunk) ?? []);
    }
    if (fault !== undefined) return { fault };
  }
  if (first !== undefined) fault = faultOfBeginning(first, true, begin, check);
  fault ??= check.finish();
  if (fault !== undefined || begun === undefined) return { fault: fault ?? EMPTY };
  blocks.add(begun.cutter.finish());
  const cut = blocks.end();
  const rows = cut.reduce((sum, block) => sum + block.rows, 0);
  if (rows === 0) return { fault: { code: "file_without_rows", reason: "got a header and no rows after it" } };
  return { format: begun.format, rows, bytes, blocks: cut };
}

const EMPTY: FileFault = { code: "file_empty", reason: "got no text, expected a header and rows" };

/** What is no text at all is told as what it is; a letter of Latin-1 in the header by its place. */
function faultOfBeginning(
  bytes: Uint8Array,
  isWhole: boolean,
  begin: (bytes: Uint8Array, isWhole: boolean) => FileFault | undefined,
  check: ByteCheck,
): FileFault | undefined {
  const fault = begin(bytes, isWhole);
  if (fault !== undefined && !fault.code.startsWith("header_")) return fault;
  return check.push(bytes) ?? (isWhole ? check.finish() : undefined) ?? fault;
}

class Blocks {
  readonly #blocks: Block[] = [];
  readonly #mostRows: number;
  #open: { from: number; to: number; line: number; rows: number } | undefined;

  constructor(mostRows: number) {
    this.#mostRows = mostRows;
  }

  add(records: readonly CutRecord[]): void {
    for (const { from, to, line, fault } of records) {
      if (fault === "too long") {
        this.#close();
        this.#blocks.push({ from, to, line, rows: 1, isTooLong: true });
        continue;
      }
      if (this.#open !== undefined && (this.#open.rows >= this.#mostRows || to - this.#open.from > BLOCK_BYTES))
        this.#close();
      if (this.#open === undefined) this.#open = { from, to, line, rows: 1 };
      else {
        this.#open.to = to;
        this.#open.rows += 1;
      }
    }
  }

  end(): readonly Block[] {
    this.#close();
    return this.#blocks;
  }

  #close(): void {
    if (this.#open !== undefined) this.#blocks.push(this.#open);
    this.#open = undefined;
  }
}
