/**
 * A file of the journal: Zstandard of lines (RFC 8878). The first says what file it is, so that one that was copied
 * elsewhere still tells; the others are entries. Those of earlier builds are gzip.
 */
import { promisify } from "node:util";
import { constants, gunzip, zstdCompress, zstdDecompress } from "node:zlib";
import { type JournalEntry, readJournalLine } from "./journal-entry.ts";
import type { JournalFileName } from "./journal-key.ts";
import { type JournalPart, linesOf } from "./journal-lines.ts";

const FORMAT = "confirmation-journal/1";
/** Of a quarter of gzip's CPU time at its quickest, and as short. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** With which every file of gzip begins (RFC 1952). */
const GZIP = Buffer.from([0x1f, 0x8b]);
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const unzip = promisify(gunzip);

/** Bytes of the file. */
export function journalFile(name: JournalFileName, parts: readonly JournalPart[]): Promise<Buffer> {
  const head = JSON.stringify({ format: FORMAT, ...name, entries: linesOf(parts) });
  const lines = parts.map(({ bytes, length }) => bytes.subarray(0, length));
  return compress(Buffer.concat([Buffer.from(`${head}\n`), ...lines]), LEVEL);
}

/** Entries of a file; lines that are none are passed over. */
export async function readJournalFile(bytes: Uint8Array): Promise<readonly JournalEntry[]> {
  const isGzip = GZIP.equals(bytes.subarray(0, GZIP.length));
  const text = (await (isGzip ? unzip(bytes) : decompress(bytes))).toString("utf8");
  return text.split("\n").flatMap((line) => readJournalLine(line) ?? []);
}
