/**
 * How far a job is: what its parts have added up, and what is in batches that are open. A batch that was closed after
 * its part was read still says what it added.
 */
import type { JobStore } from "../aws/job-store.ts";
import { added, type Job, type Totals } from "./job.ts";
import { partsOf } from "./part.ts";

export type ProgressStore = Pick<JobStore, "part" | "batch">;

/** @param totalsOf of entries as they are kept in a batch */
export async function progressOf(
  { jobId, asked, state, counted, totals }: Job,
  store: ProgressStore,
  totalsOf: (entries: string) => Totals,
): Promise<Totals> {
  if (totals !== undefined) return totals;
  if (state === "counted" || (state === "canceled" && counted !== undefined)) {
    const ran = await ofParts(partsOf(jobId, "run", asked.parts), store, totalsOf);
    return Object.keys(ran).length > 0 ? ran : (counted?.totals ?? {});
  }
  return ofParts(partsOf(jobId, state === "counting" ? "count" : "run", asked.parts), store, totalsOf);
}

async function ofParts(
  ids: ReturnType<typeof partsOf>,
  store: ProgressStore,
  totalsOf: (entries: string) => Totals,
): Promise<Totals> {
  const sums = await Promise.all(
    ids.map(async (id) => {
      const part = await store.part(id);
      const batches = await Promise.all(part.open.map((batch) => store.batch({ ...id, batch })));
      return batches.reduce(
        (sum: Totals, batch) => (batch === undefined ? sum : added(sum, batch.totals ?? totalsOf(batch.entries))),
        part.totals,
      );
    }),
  );
  return sums.reduce(added, {});
}
