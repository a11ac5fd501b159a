/** Where the jobs of each kind come from. */
import type { JobKind } from "../routing/routes.ts";
import { exports } from "./kinds/export.ts";
import { imports } from "./kinds/import.ts";
import { redeliveries } from "./kinds/redelivery.ts";
import { restores } from "./kinds/restore.ts";
import { resyncs } from "./kinds/resync.ts";
import type { JobSource } from "./shown-job.ts";

export const JOB_SOURCES: Readonly<Record<JobKind, JobSource>> = { redeliveries, imports, exports, restores, resyncs };

/** By which what was read of a job is kept. */
export function jobKey(kind: JobKind, jobId: string): readonly string[] {
  return ["job", kind, jobId];
}

/** By which the lists of a kind are kept. */
export function jobsKey(kind: JobKind): readonly string[] {
  return ["jobs", kind];
}
