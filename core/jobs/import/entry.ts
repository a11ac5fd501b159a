/**
 * A block of an import, as it is kept in a batch: where its rows are, and what became of them. No row is in it.
 *
 *   new -> over | skipped
 */
import type { Block } from "../../imports/cut-blocks.ts";
import type { Totals } from "../job.ts";

export interface BlockEntry {
  /** Which of its file, from 0. */
  readonly number: number;
  readonly block: Block;
  readonly status: "new" | "over" | "skipped";
  /** Rows from its first that are accepted or rejected. */
  readonly done: number;
  readonly rejected: number;
}

export function blockTotals(entries: readonly BlockEntry[]): Totals {
  let [accepted, rejected, skipped] = [0, 0, 0];
  for (const { block, status, done, rejected: bad } of entries) {
    accepted += done - bad;
    rejected += bad;
    if (status === "skipped") skipped += block.rows - done;
  }
  return { accepted, rejected, skipped };
}

const STATUSES = ["new", "over", "skipped"] as const;

export function writeBlocks(entries: readonly BlockEntry[]): string {
  return JSON.stringify(
    entries.map(({ number, block, status, done, rejected }) => [
      number,
      STATUSES.indexOf(status),
      done,
      rejected,
      ...placeOf(block),
    ]),
  );
}

export function readBlocks(text: string): readonly BlockEntry[] {
  if (text === "") return [];
  return (JSON.parse(text) as readonly (readonly number[])[]).map(
    ([number = 0, status = 0, done = 0, rejected = 0, ...place]): BlockEntry => ({
      number,
      block: blockAt(place),
      status: STATUSES[status] ?? "new",
      done,
      rejected,
    }),
  );
}

/** The places of all blocks, one a line: what is kept of the pass over a file. */
export function writePlaces(blocks: readonly Block[]): string {
  return blocks.map((block) => `${JSON.stringify(placeOf(block))}\n`).join("");
}

export function readPlaces(text: string): readonly Block[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => blockAt(JSON.parse(line) as readonly number[]));
}

function placeOf({ from, to, line, rows, isTooLong }: Block): readonly number[] {
  return [from, to, line, rows, ...(isTooLong === true ? [1] : [])];
}

function blockAt([from = 0, to = 0, line = 1, rows = 0, isTooLong = 0]: readonly number[]): Block {
  return { from, to, line, rows, ...(isTooLong === 1 && { isTooLong: true as const }) };
}
