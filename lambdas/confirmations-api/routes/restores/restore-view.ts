/** A restore as it is shown. */
import type { Job, Totals } from "../../../../core/jobs/job.ts";
import { isOver } from "../../../../core/jobs/job.ts";
import {
  decisionCountsOf,
  isDecision,
  restoreCountsOf,
  restoreSpecOf,
  type Survey,
} from "../../../../core/jobs/restore/spec.ts";
import type { RestoreView } from "./restore-schema.ts";

/** @param survey undefined until it was made, and of a decision */
export function restoreView(job: Job, totals: Totals, survey: Survey | undefined): RestoreView {
  const { jobId, state, asked, counted, startedAt, doneAt } = job;
  const spec = restoreSpecOf(job);
  return {
    jobId,
    state,
    ...(isDecision(spec)
      ? { decides: spec.decides, decision: spec.decision }
      : {
          fromTable: spec.fromTable,
          restoredTo: timeOf(spec.restoredTo),
          damagedAt: timeOf(spec.damagedAt),
          sources: [...spec.sources],
        }),
    reason: asked.reason,
    ratePerSecond: asked.ratePerSecond,
    requestedBy: asked.requestedBy,
    createdAt: timeOf(asked.createdAt),
    ...(startedAt !== undefined && { startedAt: timeOf(startedAt) }),
    ...(doneAt !== undefined && { doneAt: timeOf(doneAt) }),
    ...(survey !== undefined && {
      isStreamWhole: survey.isStreamWhole,
      unknownTimes: survey.unknownTimes.map(({ from, to }) => ({ from: timeOf(from), to: timeOf(to) })),
      ...(!isOver(job) && { timeToLive: survey.isTimeToLiveOn ? ("on" as const) : ("off" as const) }),
    }),
    isApplied: startedAt !== undefined && job.totals !== undefined && state !== "canceled",
    ...(counted !== undefined && { plan: restoreCountsOf(counted.totals), sample: [...counted.sample] }),
    counts: {
      ...restoreCountsOf(totals),
      ...(isDecision(spec) && { decided: decisionCountsOf(totals).decided }),
    },
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
