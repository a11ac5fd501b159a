/** After a part is done: if it was the last one, the parts' totals are added up, and the job is over. */
import type { JobStore } from "../../../core/aws/job-store.ts";
import { added, type Job, type Totals } from "../../../core/jobs/job.ts";
import { type Part, type PartId, partsOf } from "../../../core/jobs/part.ts";
import type { JobWork } from "./job-work.ts";

const SAMPLE = 20;

export interface ConcludeOptions {
  readonly store: Pick<JobStore, "job" | "part" | "change">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** @returns the job as it is then, where this was the last part; or milliseconds after which to conclude it again */
export async function conclude<Entry>(
  { jobId, pass }: PartId,
  work: Pick<JobWork<Entry>, "conclude" | "concluding">,
  { store, now }: ConcludeOptions,
): Promise<Job | number | undefined> {
  const job = await store.job(jobId);
  if (job === undefined || job.doneAt !== undefined) return undefined;
  const parts: Part[] = [];
  for (const id of partsOf(jobId, pass, job.asked.parts)) {
    const part = await store.part(id);
    if (!part.isDone) return undefined;
    parts.push(part);
  }
  const sum = parts.reduce((totals: Totals, part) => added(totals, part.totals), {});
  if (pass === "count") {
    const counted = { totals: sum, sample: parts.flatMap(({ sample }) => sample).slice(0, SAMPLE) };
    const isCounted =
      job.state === "counting" && (await store.change(jobId, "counting", { state: "counted", counted }));
    return isCounted ? { ...job, state: "counted", counted } : undefined;
  }
  if (job.state !== "running" && job.state !== "canceled") return undefined;
  const totals = work.conclude(job, sum);
  const againMs = await work.concluding?.(job, sum);
  if (againMs !== undefined) {
    // All of it is done but for its end.
    await store.change(jobId, job.state, { totals });
    return againMs;
  }
  const change = { ...(job.state === "running" && { state: "done" as const }), totals, doneAt: now() };
  // Canceled meanwhile: whoever did so has sent messages for all parts.
  return (await store.change(jobId, job.state, change)) ? { ...job, ...change } : undefined;
}

/** Whether a dry run was canceled, and its end is still to be written. */
export function isAbandoned({ state, startedAt, doneAt }: Job): boolean {
  return state === "canceled" && startedAt === undefined && doneAt === undefined;
}

/** The end of such a one, whatever its parts have counted. */
export async function abandon<Entry>(
  job: Job,
  work: Pick<JobWork<Entry>, "concluding">,
  { store, now }: ConcludeOptions,
): Promise<Job | number | undefined> {
  const totals = job.counted?.totals ?? {};
  const againMs = await work.concluding?.(job, totals);
  if (againMs !== undefined) return againMs;
  const change = { totals, doneAt: now() };
  return (await store.change(job.jobId, "canceled", change)) ? { ...job, ...change } : undefined;
}
