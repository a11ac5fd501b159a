import { describe, expect, it } from "@jest/globals";
import type { JournalFileName } from "../../../core/journal/journal-key.ts";
import { journalGaps } from "../../../core/restore/journal-gaps.ts";

const MINUTE = 60_000;
const SPAN = { from: 10 * MINUTE, to: 20 * MINUTE };
/** Time in which a file is written. */
const WRITE_MS = 10_000;

const file = (number: number, minute: number, more: Partial<JournalFileName> = {}): JournalFileName => ({
  writer: "task-1",
  number,
  to: minute * MINUTE,
  everySeconds: 60,
  isLossy: false,
  ...more,
});
const gaps = (names: readonly JournalFileName[], firstAt: number | undefined = 0) => journalGaps(names, firstAt, SPAN);

describe("times that the journal does not know everything of", () => {
  it("are all where there is no journal", () => {
    expect(journalGaps([], undefined, SPAN)).toEqual([SPAN]);
  });

  it("are those before its first file", () => {
    expect(gaps([], 12 * MINUTE)).toEqual([{ from: SPAN.from, to: 12 * MINUTE }]);
  });

  it("are none where nobody was at work, or has ended, or rests", () => {
    expect(gaps([])).toEqual([]);
    expect(gaps([file(0, 11), file(1, 12, { closing: "end" })])).toEqual([]);
    expect(gaps([file(0, 11), file(1, 12, { closing: "rest" })])).toEqual([]);
  });

  it("are the minute after the last file of a task that was killed", () => {
    expect(gaps([file(0, 11), file(1, 12)])).toEqual([{ from: 12 * MINUTE, to: 13 * MINUTE + WRITE_MS }]);
  });

  it("are those of each task, and overlap no more than once", () => {
    const others = { writer: "task-2", everySeconds: 30 };
    expect(gaps([file(1, 12), file(7, 12.5, others), file(3, 17, { writer: "task-3" })])).toEqual([
      { from: 12 * MINUTE, to: 13 * MINUTE + WRITE_MS },
      { from: 17 * MINUTE, to: 18 * MINUTE + WRITE_MS },
    ]);
  });

  it("are between two files of which one is missing, and where entries were lost", () => {
    const last = file(4, 16, { closing: "end" });
    expect(gaps([file(0, 11), file(2, 13), file(3, 14), last])).toEqual([{ from: 11 * MINUTE, to: 13 * MINUTE }]);
    expect(gaps([file(2, 13), file(3, 14, { isLossy: true }), last])).toEqual([{ from: 13 * MINUTE, to: 14 * MINUTE }]);
  });

  it("are within the time that is asked for", () => {
    expect(gaps([file(0, 9.5)])).toEqual([{ from: SPAN.from, to: 10.5 * MINUTE + WRITE_MS }]);
    expect(gaps([file(0, 5)])).toEqual([]);
    expect(gaps([file(0, 19.9)])).toEqual([{ from: 19.9 * MINUTE, to: SPAN.to }]);
  });

  it("do not depend on the order in which files are listed", () => {
    const files = [file(0, 11), file(1, 12), file(2, 13, { closing: "end" })];
    expect(gaps(files.toReversed())).toEqual([]);
  });
});
