/**
 * What jobs made of what they sent again: each came to its end and its counts add up; whatever says that it is sent
 * again is of a job; what a row says of it is what its merchant says; and what was confirmed before says so with the
 * time of the first confirmation. Pure.
 */
import type { Finding } from "../../../local/demo/evidence.ts";
import { type Delivery, isConfirmation } from "../../../local/demo/fleet/ledger.ts";
import type { RunJob } from "./run-jobs.ts";
import type { WholeRow } from "./whole-rows.ts";
import type { WrittenTransaction } from "./written-transaction.ts";

export interface RedeliveryEvidence {
  readonly jobs: readonly RunJob[];
  readonly rows: readonly WholeRow[];
  readonly deliveries: readonly Delivery[];
  readonly written: readonly WrittenTransaction[];
  /** When rows had been confirmed before a job, by id and version. */
  readonly confirmedAt: ReadonlyMap<string, number>;
}

const ENDS = ["delivered", "failed", "waiting", "superseded"] as const;

export function judgeRedeliveries(evidence: RedeliveryEvidence): Finding[] {
  const { jobs, deliveries } = evidence;
  const known = new Set(jobs.map(({ jobId }) => jobId));
  const foreign = deliveries.filter(({ redelivery }) => redelivery !== undefined && !known.has(redelivery));
  return [
    ...jobs.flatMap((job) => faultsOfJob(job).map((detail) => finding("", `job ${job.jobId}: ${detail}`))),
    ...foreign.map(({ transactionId, redelivery }) => finding(transactionId, `sent again by no job: ${redelivery}`)),
    ...ofRows(evidence),
  ];
}

export function matchedBy(totals: RunJob["totals"]): number {
  return (totals["sent"] ?? 0) + (totals["new"] ?? 0) + skippedBy(totals);
}

function skippedBy(totals: RunJob["totals"]): number {
  return Object.entries(totals).reduce((sum, [name, count]) => sum + (name.startsWith("skipped:") ? count : 0), 0);
}

function faultsOfJob({ state, isOver, totals, counted }: RunJob): string[] {
  if (!isOver) return [`it is ${state}, expected its end`];
  const { sent = 0, new: left = 0 } = totals;
  const ended = ENDS.reduce((sum, end) => sum + (totals[end] ?? 0), 0);
  const isDone = state === "done";
  return [
    ...(sent === ended ? [] : [`${sent} were sent and ${ended} came to an end`]),
    ...(left === 0 ? [] : [`${left} are neither sent nor skipped`]),
    ...(isDone && counted !== undefined && matchedBy(totals) < matchedBy(counted)
      ? [`${matchedBy(counted)} were counted and ${matchedBy(totals)} accounted for`]
      : []),
  ];
}

function ofRows({ jobs, rows, deliveries, written, confirmedAt }: RedeliveryEvidence): Finding[] {
  const over = new Set(jobs.filter(({ isOver }) => isOver).map(({ jobId }) => jobId));
  const rewritten = new Set(
    written.filter(({ isRewritten }) => isRewritten === true).map(({ transactionId }) => transactionId),
  );
  const accepted = new Set(
    deliveries.filter(isConfirmation).map((one) => `${one.transactionId} ${one.version} ${one.redelivery}`),
  );
  return rows.flatMap((row): Finding[] => {
    const { transactionId, version, state, settledAt, redelivery } = row;
    if (state !== "CONFIRMED") return [];
    const before = confirmedAt.get(`${transactionId} ${version}`);
    const isMoved = before !== undefined && settledAt !== before && !rewritten.has(transactionId);
    const moved = isMoved
      ? [finding(transactionId, `it was confirmed at ${before}, and says ${settledAt} since it was sent again`)]
      : [];
    if (redelivery === undefined || redelivery.version !== version || redelivery.isReopened) return moved;
    const { jobId, result } = redelivery;
    if (result === undefined)
      return over.has(jobId) ? [...moved, finding(transactionId, `job ${jobId} is over and owes it`)] : moved;
    const isTrue = result !== "delivered" || accepted.has(`${transactionId} ${version} ${jobId}`);
    return isTrue ? moved : [...moved, finding(transactionId, `delivered by job ${jobId}, which its merchant denies`)];
  });
}

function finding(transactionId: string, detail: string): Finding {
  return { kind: "redelivery", transactionId, detail };
}
