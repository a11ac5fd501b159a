/**
 * Times of which the journal does not know everything, told by the names of its files: after the last file of a writer
 * that did not end, between two files where one is missing, and where entries were lost.
 */
import type { JournalFileName } from "../journal/journal-key.ts";

/** Both epoch milliseconds. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds that a file may take to be written, and that clocks may differ by. */
const WRITE_MS = 10_000;

/**
 * @param names of the files since some while before `from`, in any order
 * @param firstAt `to` of the oldest file that there is, of any time; undefined where there is none
 * @param span the time that is asked for
 * @returns spans within it, in order, that do not overlap
 */
export function journalGaps(
  names: readonly JournalFileName[],
  firstAt: number | undefined,
  { from, to }: TimeSpan,
): readonly TimeSpan[] {
  if (firstAt === undefined) return merged([{ from, to }]);
  const gaps: TimeSpan[] = [];
  // Before that nobody wrote one, as far as anybody can say.
  if (firstAt > from) gaps.push({ from, to: firstAt });
  for (const files of Map.groupBy(names, ({ writer }) => writer).values()) gaps.push(...gapsOf(files));
  const within = gaps.map((gap) => ({ from: Math.max(from, gap.from), to: Math.min(to, gap.to) }));
  return merged(within.filter((gap) => gap.from < gap.to));
}

function gapsOf(files: readonly JournalFileName[]): TimeSpan[] {
  const inOrder = files.toSorted((one, other) => one.number - other.number || one.to - other.to);
  const gaps: TimeSpan[] = [];
  for (const [index, file] of inOrder.entries()) {
    const before = inOrder[index - 1];
    // The first one that was asked for may have others before it, which end before the span.
    const isMissing = before !== undefined && file.number > before.number + 1;
    if (isMissing || file.isLossy) gaps.push({ from: before?.to ?? 0, to: file.to });
  }
  const last = inOrder.at(-1);
  if (last !== undefined && last.closing === undefined)
    gaps.push({ from: last.to, to: last.to + last.everySeconds * 1000 + WRITE_MS });
  return gaps;
}

function merged(spans: readonly TimeSpan[]): TimeSpan[] {
  const all: TimeSpan[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1);
    if (last !== undefined && span.from <= last.to) all[all.length - 1] = { ...last, to: Math.max(last.to, span.to) };
    else all.push(span);
  }
  return all;
}
