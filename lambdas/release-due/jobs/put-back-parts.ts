/**
 * Parts of jobs that stand still, since their messages are lost: a queue that was purged, or kept them for too long.
 * The table has all else, so a message is all that is missing. One that was there after all does no harm.
 *
 *   standing -> put back (sent, and noted as on its way) -> standing, if that one is lost as well
 */
import type { JobStore } from "../../../core/aws/job-store.ts";
import type { OpenJob, OpenJobs } from "../../../core/aws/open-jobs.ts";
import { isAtWork, isOver, type Job } from "../../../core/jobs/job.ts";
import { type Part, type PartId, partsOf, passOf } from "../../../core/jobs/part.ts";

export interface PutBackPartsOptions {
  readonly open: Pick<OpenJobs, "all" | "forget">;
  readonly store: Pick<JobStore, "job" | "part" | "savePart">;
  readonly send: (parts: readonly PartId[], afterMs: number) => Promise<void>;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** By which a message may be late: SQS's, or for want of an invocation. */
const LATE_MS = 30_000;
/** Until one that was put back counts as lost again; many parts may wait for their turn. */
const AGAIN_MS = 120_000;
/** Whoever notes a job writes it right after. */
const WRITTEN_WITHIN_MS = 600_000;

/** @returns how many */
export async function putBackParts(options: PutBackPartsOptions): Promise<number> {
  const { open, store } = options;
  let count = 0;
  for (const noted of await open.all()) {
    const job = await store.job(noted.jobId);
    if (job !== undefined && isAtWork(job)) count += await putBackOf(job, options);
    else await forget(noted, job, options);
  }
  return count;
}

/** One that is paused or counted may go on, and whoever has it do so notes it first. */
async function forget(noted: OpenJob, job: Job | undefined, { open, now }: PutBackPartsOptions): Promise<void> {
  const isOld = now() - noted.notedAt > WRITTEN_WITHIN_MS;
  if (isOld || (job !== undefined && isOver(job))) await open.forget(noted);
}

async function putBackOf(job: Job, { store, send, warn, now }: PutBackPartsOptions): Promise<number> {
  const ids = partsOf(job.jobId, passOf(job), job.asked.parts);
  const parts = await Promise.all(ids.map(async (id) => ({ id, part: await store.part(id) })));
  const unfinished = parts.filter(({ part }) => !part.isDone);
  // All are done, and nobody has added them up: whichever comes does.
  const missing = unfinished.length > 0 ? unfinished : parts.slice(0, 1);
  const standing = missing.filter(({ part }) => isStanding(part, job, now()));
  if (standing.length === 0) return 0;
  // Sent first: what is noted and not sent would stand still for longer.
  await send(
    standing.map(({ id }) => id),
    0,
  );
  const comesAt = now() + AGAIN_MS;
  // Not where somebody has it by now.
  await Promise.all(standing.map(({ id, part }) => store.savePart(id, { ...part, step: part.step + 1, comesAt })));
  warn("parts of a job put back, as their messages were lost", { jobId: job.jobId, parts: standing.length });
  return standing.length;
}

function isStanding({ heldUntil, comesAt = 0 }: Part, { asked, startedAt = 0 }: Job, now: number): boolean {
  return Math.max(heldUntil, comesAt, asked.createdAt, startedAt) + LATE_MS < now;
}
