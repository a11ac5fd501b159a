import { describe, expect, it } from "@jest/globals";
import { newEntry, readEntries, type Status, totalsOf, writeEntries } from "../../../../core/jobs/redelivery/entry.ts";
import { countsOf, ENDS, SKIPPED, type Skipped, withChanged } from "../../../../core/jobs/redelivery/spec.ts";

const entry = (status: Status) => ({ ...newEntry("t-1", 1), status });
const statuses: Status[] = ["new", "sent", "again", ...ENDS, ...(Object.keys(SKIPPED) as Skipped[])];

describe("the counts of a redelivery", () => {
  it.each(statuses)("have one that is %s in what is matched, once", (status) => {
    const { matched, sent, skipped, delivered, failed, waiting, superseded } = countsOf(totalsOf([entry(status)]));
    expect(matched).toBe(1);
    expect(sent + skipped).toBe(status === "new" ? 0 : 1);
    expect(delivered + failed + waiting + superseded).toBe(ENDS.some((end) => end === status) ? 1 : 0);
  });

  it("are what is matched, in the end: sent and skipped together", () => {
    const all = statuses.filter((status) => status !== "new").map(entry);
    const { matched, sent, skipped, skippedBy } = countsOf(totalsOf(all));
    expect([matched, sent + skipped]).toEqual([all.length, all.length]);
    expect(Object.keys(skippedBy).toSorted()).toEqual(Object.keys(SKIPPED).toSorted());
  });

  it("have what the dry run counted and the run did not find as changed", () => {
    const counted = { totals: { new: 5, "skipped:pending": 1 }, sample: [] };
    const totals = withChanged({ counted }, { sent: 3, delivered: 3, "skipped:changed": 1 });
    expect(countsOf(totals)).toMatchObject({ matched: 6, sent: 3, skippedBy: { changed: 3 } });
    expect(withChanged({}, { sent: 3 })).toEqual({ sent: 3 });
  });
});

describe("entries", () => {
  it("are read as they were written", () => {
    const entries = statuses.map((status, at) => ({ ...entry(status), at, generation: 2, failures: 1, inVain: 3 }));
    expect(readEntries(writeEntries(entries))).toEqual(entries);
    expect(readEntries("")).toEqual([]);
  });
});
