/** A redelivery as it is shown. */
import type { Job, Totals } from "../../../../core/jobs/job.ts";
import { countsOf, specOf } from "../../../../core/jobs/redelivery/spec.ts";
import { instantOf } from "../transactions/transaction-view.ts";
import type { GivenFilter, RedeliveryView } from "./redelivery-schema.ts";

export function viewOf(job: Job, totals: Totals): RedeliveryView {
  const { jobId, state, asked, counted, startedAt, doneAt } = job;
  const [started, done] = [instantOf(startedAt), instantOf(doneAt)];
  const { skippedBy, ...counts } = countsOf(totals);
  return {
    jobId,
    state,
    filter: filterOf(job),
    ...(asked.merchantId !== undefined && { merchantId: asked.merchantId }),
    reason: asked.reason,
    ratePerSecond: asked.ratePerSecond,
    requestedBy: asked.requestedBy,
    asOf: timeOf(asked.asOf),
    createdAt: timeOf(asked.createdAt),
    ...(started !== undefined && { startedAt: started }),
    ...(done !== undefined && { doneAt: done }),
    ...(counted !== undefined && { count: counted.totals["new"] ?? 0, sample: [...counted.sample] }),
    counts: { ...counts, skippedBy: { ...skippedBy } },
  };
}

export function filterOf(job: Pick<Job, "asked">): GivenFilter {
  const { transactionIds, from, to, ...others } = specOf(job);
  return {
    ...others,
    ...(transactionIds !== undefined && { transactionIds: [...transactionIds] }),
    ...(from !== undefined && { from: timeOf(from) }),
    ...(to !== undefined && { to: timeOf(to) }),
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
