/**
 * A kind of job that does next to nothing: entries are numbers, each is begun and over a moment later, and what it
 * begins outlives whoever does it. Its own rules are those that the frame rests on: from the same entries it comes to
 * the same.
 */
import type { Job } from "../../../../core/jobs/job.ts";
import type { JobWork } from "../../../../lambdas/run-jobs/frame/job-work.ts";

export interface NumberEntry {
  readonly number: number;
  readonly status: "new" | "begun" | "over" | "canceled";
}

export interface CountingKind {
  readonly work: JobWork<NumberEntry>;
  /** How often each was begun. */
  readonly begun: Map<number, number>;
}

/** @param all entries of each part. @param allowed how many may be begun in one go */
export function countingKind(
  all: number,
  allowed = Number.POSITIVE_INFINITY,
  now: () => number = () => 0,
): CountingKind {
  const begun = new Map<number, number>();
  return {
    begun,
    work: {
      async find(_job, part, cursor, limit) {
        const from = Number(cursor ?? 0);
        const to = Math.min(all, from + Math.min(limit, 10));
        const entries = Array.from({ length: to - from }, (_, index): NumberEntry => ({
          number: part * 1000 + from + index,
          status: "new",
        }));
        // Each third page has none.
        if (from % 30 === 20 && !Number.isInteger(Number(cursor) / 10)) return { entries: [], cursor: String(from) };
        return { entries, ...(to < all && { cursor: String(to) }) };
      },
      async count(_job, entries) {
        return { totals: { found: entries.length }, sample: entries.map(({ number }) => String(number)) };
      },
      async advance(_job, entries, mayBegin) {
        let left = allowed;
        const next = entries.map((entry): NumberEntry => {
          if (entry.status === "begun") return { ...entry, status: "over" };
          if (entry.status !== "new") return entry;
          if (!mayBegin) return { ...entry, status: "canceled" };
          if (left <= 0) return entry;
          left -= 1;
          begun.set(entry.number, (begun.get(entry.number) ?? 0) + 1);
          return { ...entry, status: "begun" };
        });
        const open = next.filter(({ status }) => status === "new" || status === "begun");
        const isBehind = next.some(({ status }) => status === "new");
        return open.length === 0
          ? { entries: next, isBehind: false, open: 0 }
          : { entries: next, wakeAt: now() + 100, isBehind, open: open.length };
      },
      totalsOf(entries) {
        const of = (status: string) => entries.filter((entry) => entry.status === status).length;
        return { found: entries.length, over: of("over"), canceled: of("canceled") };
      },
      conclude: (_job: Job, totals) => totals,
      write: (entries) => JSON.stringify(entries),
      read: (text) => (text === "" ? [] : (JSON.parse(text) as NumberEntry[])),
    },
  };
}
