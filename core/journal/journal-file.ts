/**
 * A file of the journal: gzip of lines. The first says what file it is, so that one that was copied elsewhere still
 * tells; the others are entries.
 */
import { setImmediate as turn } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip, gzip, constants } from "node:zlib";
import { type JournalEntry, journalLine, readJournalLine } from "./journal-entry.ts";
import type { JournalFileName } from "./journal-key.ts";

const FORMAT = "confirmation-journal/1";
/** Lines that are made before others have their turn: a fraction of a millisecond. */
const LINES_A_TURN = 250;
const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** Bytes of the file. Whoever is served beside it waits for no more than a few lines. */
export async function journalFile(name: JournalFileName, entries: readonly JournalEntry[]): Promise<Buffer> {
  const head = JSON.stringify({ format: FORMAT, ...name, entries: entries.length });
  const pieces = [Buffer.from(`${head}\n`)];
  for (let from = 0; from < entries.length; from += LINES_A_TURN) {
    if (from > 0) await turn();
    const lines = entries.slice(from, from + LINES_A_TURN).map(journalLine);
    pieces.push(Buffer.from(`${lines.join("\n")}\n`));
  }
  return zip(Buffer.concat(pieces), { level: constants.Z_BEST_SPEED });
}

/** Entries of a file; lines that are none are passed over. */
export async function readJournalFile(bytes: Uint8Array): Promise<readonly JournalEntry[]> {
  const text = (await unzip(bytes)).toString("utf8");
  return text.split("\n").flatMap((line) => readJournalLine(line) ?? []);
}
