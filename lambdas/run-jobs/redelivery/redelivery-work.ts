/** The kind `redelivery`: sends transactions again that were delivered or given up. */
import { countsOf, type Skipped, skippedAs, specOf, withChanged } from "../../../core/jobs/redelivery/spec.ts";
import type { Job } from "../../../core/jobs/job.ts";
import type { JobWork } from "../frame/job-work.ts";
import { advance, type AdvanceOptions } from "./advance.ts";
import { whySkipped } from "./decide.ts";
import { type Entry, readEntries, totalsOf, writeEntries } from "../../../core/jobs/redelivery/entry.ts";
import { findEntries, type FoundEntry } from "./find/find-entries.ts";
import type { FindOptions } from "./find/places.ts";
import { isOfMerchant } from "./matches.ts";
import { Seen } from "./seen.ts";

export interface RedeliveryWorkOptions extends FindOptions, Omit<AdvanceOptions, "table" | "seen"> {
  readonly table: AdvanceOptions["table"];
}

export function redeliveryWork(options: RedeliveryWorkOptions): JobWork<Entry> {
  const seen = new Seen();
  // Rows are read once for what is counted right after.
  const rows = new WeakMap<Entry, FoundEntry["row"]>();
  return {
    async find(job, part, cursor, limit) {
      const found = await findEntries(job, part, cursor, limit, options);
      for (const { entry, row } of found.found) rows.set(entry, row);
      return {
        entries: found.found.map(({ entry }) => entry),
        ...(found.cursor !== undefined && { cursor: found.cursor }),
      };
    },
    async count(job, entries) {
      const read = entries.map((entry) => rows.get(entry)).filter((row) => row !== undefined);
      const about = await options.surroundings.about(job, read);
      const why = entries.map((entry): Skipped | undefined => {
        const row = rows.get(entry);
        if (row === undefined || isForeign(row, job)) return "not_found";
        return whySkipped(entry, row, { ...about, job });
      });
      const totals: Record<string, number> = {};
      for (const reason of why) {
        const name = reason === undefined ? "new" : skippedAs(reason);
        totals[name] = (totals[name] ?? 0) + 1;
      }
      const sample = entries.filter((_, index) => why[index] === undefined).map(({ transactionId }) => transactionId);
      return { totals, sample };
    },
    advance: (job, entries, mayBegin) => advance(job, entries, mayBegin, { ...options, seen }),
    totalsOf,
    conclude: withChanged,
    write: writeEntries,
    read: readEntries,
  };
}

function isForeign(row: NonNullable<FoundEntry["row"]>, job: Job): boolean {
  return specOf(job).transactionIds !== undefined && !isOfMerchant(row, job);
}

/** For the log. */
export function saidOf(job: Job): Readonly<Record<string, unknown>> {
  const totals = job.state === "counted" ? job.counted?.totals : job.totals;
  return { jobId: job.jobId, kind: job.kind, state: job.state, ...(totals !== undefined && countsOf(totals)) };
}
