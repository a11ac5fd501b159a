/** One message of the queue of parts, whatever the kind of its job. */
import type { JobStore } from "../../../core/aws/job-store.ts";
import type { Job, JobKind } from "../../../core/jobs/job.ts";
import { parsePartMessage, type PartId, partsOf, passOf } from "../../../core/jobs/part.ts";
import { HOLD_MS, INDEX_LAG_MS, SLICE_MS } from "../../../core/jobs/slice-times.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";
import { abandon, conclude, isAbandoned } from "./conclude.ts";
import type { JobWork } from "./job-work.ts";
import { runPart } from "./run-part.ts";

export interface HandlePartOptions {
  readonly store: JobStore;
  readonly works: Readonly<Record<JobKind, JobWork<any>>>;
  /** @param afterMs milliseconds for which they are held back */
  readonly send: (parts: readonly PartId[], afterMs: number) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Milliseconds that the invocation has left. */
  readonly leftMs: () => number;
  readonly log: Log;
  readonly warn: Log;
  /** Of a job that is over. */
  readonly saidOf: (job: Job) => Readonly<Record<string, unknown>>;
}

export async function handlePart(body: string, options: HandlePartOptions): Promise<void> {
  const { store, works, send, now, pause, leftMs, warn } = options;
  const id = parsePartMessage(body);
  if (id === undefined) return warn("message of no part of a job", { body: body.slice(0, 200) });
  const job = await store.job(id.jobId);
  if (job === undefined) return warn("part of a job that is not there", { ...id });
  // Indexes follow their table: what became terminal before the job was asked for is in them by then.
  const earlyMs = job.asked.asOf + INDEX_LAG_MS - now();
  if (earlyMs > 0) return send([id], earlyMs);
  const work: JobWork<unknown> = works[job.kind];
  if (work.offReason !== undefined && job.state === "running") await cancel(job, work.offReason, options);
  if (isAbandoned(job)) {
    if (id.part !== 0) return undefined;
    // Whoever holds it still may do what the end takes back.
    const heldMs = (await store.part(id)).heldUntil - now();
    return heldMs > 0 ? send([id], heldMs) : end(id, await abandon(job, work, { store, now }), options);
  }
  const ran = await runPart(id, work, { store, now, pause, leftMs, sliceMs: SLICE_MS, holdMs: HOLD_MS });
  if (ran.kind === "continues") return send([id], ran.afterMs);
  if (ran.kind !== "done") return undefined;
  return end(id, await conclude(id, work, { store, now }), options);
}

/** @param concluded the job, or milliseconds after which its end is to be tried again */
async function end(
  id: PartId,
  concluded: Job | number | undefined,
  { store, send, now, log, saidOf }: HandlePartOptions,
): Promise<void> {
  if (concluded === undefined) return undefined;
  if (typeof concluded !== "number") return log("job over", saidOf(concluded));
  const part = await store.part(id);
  // Nobody is to take its message for lost meanwhile.
  await store.savePart(id, { ...part, step: part.step + 1, comesAt: now() + concluded });
  return send([id], concluded);
}

/** All its parts are sent, as those whose messages went astray would never see it. */
async function cancel(job: Job, reason: string, { store, send, warn }: HandlePartOptions): Promise<void> {
  const { jobId, kind, asked } = job;
  if (!(await store.change(jobId, "running", { state: "canceled" }))) return;
  warn("job canceled", { jobId, kind, reason });
  await send(partsOf(jobId, passOf(job), asked.parts), 0);
}
