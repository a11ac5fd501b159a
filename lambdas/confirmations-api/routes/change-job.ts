/**
 * A change of a job that somebody asks for, with its entry in the audit log in the same write, on the condition that
 * the job is in the state that was looked at: others may change it at the same time.
 */
import type { ApiContext } from "../../../core/api/api-app.ts";
import { entryOf, tooContended } from "../../../core/api/audited.ts";
import type { OperationId } from "../../../core/access/operations.ts";
import type { AuditedWrites } from "../../../core/aws/audited-writes.ts";
import { type JobChange, jobChange, type JobStore } from "../../../core/aws/job-store.ts";
import type { OpenJobs } from "../../../core/aws/open-jobs.ts";
import type { Job, JobState } from "../../../core/jobs/job.ts";

export interface ChangeJobParts {
  readonly jobStore: Pick<JobStore, "table">;
  readonly openJobs: Pick<OpenJobs, "note">;
  readonly audited: Pick<AuditedWrites, "write">;
  readonly nowMs: () => number;
}

export interface AskedChange {
  readonly operation: OperationId;
  /** As the audit log has it. */
  readonly resource: string;
  /** As an error has it. */
  readonly named: string;
  readonly to: JobState;
  /** Whether messages of its parts are sent afterwards. */
  readonly sends: boolean;
  /** The job, and what changes with its state; no change where it is as asked. @throws ApiError for a conflict */
  readonly look: (now: number) => Promise<{ readonly job: Job; readonly change?: Omit<JobChange, "state"> }>;
}

const ROUNDS = 4;

/** @throws ApiError what `look` throws, and where others change it again and again */
export async function changeJob(c: ApiContext, asked: AskedChange, parts: ChangeJobParts): Promise<Job> {
  const { operation, resource, named, to, sends, look } = asked;
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = parts.nowMs();
    const { job, change } = await look(now);
    const { jobId, state } = job;
    // Before it is at work: whoever looks after jobs finds it.
    if (sends) await parts.openJobs.note(jobId, now);
    if (change === undefined) return job;
    const changed = { ...change, state: to };
    const noted = { action: operation, resource, before: { state }, after: { state: to } };
    const update = { Update: jobChange(parts.jobStore.table, jobId, state, changed) };
    const { kind } = await parts.audited.write(entryOf(c, noted, now), [update]);
    if (kind === "written") return { ...job, ...changed };
  }
  throw tooContended(named);
}
