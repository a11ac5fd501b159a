/**
 * The kind `resync`: reads the table from end to end and publishes a snapshot of each row. What is found is published
 * from the row as it was found, which its entry has beside what is written down; whoever reads that reads the row too.
 * Either is a snapshot, as each was read after the time that it is for. No row outlives the slice in which it was
 * found: in the next job it would be older than the time that it is for.
 */
import type { EventsTopic } from "../../../core/aws/events-topic.ts";
import type { RowsPage, RowsPlace } from "../../../core/aws/scan-rows.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { resyncEvent, type ResyncId, snapshotEvent } from "../../../core/events/envelope.ts";
import { isTold, transactionState } from "../../../core/events/transaction-state.ts";
import { PipelineError } from "../../../core/errors/pipeline-error.ts";
import type { Job } from "../../../core/jobs/job.ts";
import { readSnapshots, type SnapshotEntry, snapshotTotals, writeSnapshots } from "../../../core/jobs/resync/entry.ts";
import { resyncCountsOf, resyncSpecOf } from "../../../core/jobs/resync/spec.ts";
import { type AttributeMap, stringOf } from "../../../core/transaction/attribute-value.ts";
import type { JobWork } from "../frame/job-work.ts";

export interface ResyncWorkOptions {
  readonly scan: (place: RowsPlace) => Promise<RowsPage>;
  readonly table: Pick<TransactionsTable, "read">;
  readonly topic: Pick<EventsTopic, "publish">;
  readonly source: string;
  /** Whether there are no events any more: nothing may be read then, and nothing be published. @default false */
  readonly isOff?: boolean;
  /** How many may be published now, of so many. */
  readonly allow: (job: Job, count: number) => Promise<number>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** SNS did not take the end of a resync; the part is done once more. */
class ResyncEndUnpublishedError extends PipelineError {
  override readonly name = "ResyncEndUnpublishedError";
  readonly code = "RESYNC_END_UNPUBLISHED";
}

const AGAIN_MS = 200;

export function resyncWork(options: ResyncWorkOptions): JobWork<SnapshotEntry> {
  const { scan, table, topic, source, isOff = false, allow, now } = options;
  const rowsOf = async (entries: readonly SnapshotEntry[]): Promise<ReadonlyMap<string, AttributeMap>> => {
    const unknown = entries.filter(({ row }) => row === undefined).map(({ transactionId }) => transactionId);
    const read = unknown.length === 0 ? new Map<string, AttributeMap>() : await table.read(unknown);
    return new Map(
      entries.flatMap(({ transactionId, row = read.get(transactionId) }) =>
        row === undefined ? [] : [[transactionId, row] as const],
      ),
    );
  };
  return {
    ...(isOff && { offReason: "events are off" }),
    async find({ asked }, part, cursor, limit) {
      const { merchantId } = resyncSpecOf({ asked });
      const from = cursor === undefined ? undefined : (JSON.parse(cursor) as AttributeMap);
      const { rows, looked, next } = await scan({ segment: part, segments: asked.parts, limit, merchantId, from });
      const entries = rows.filter(isTold).map((row): SnapshotEntry => ({
        transactionId: stringOf(row["transactionId"]) ?? "",
        status: "new",
        row,
      }));
      return { entries, looked, ...(next !== undefined && { cursor: JSON.stringify(next) }) };
    },
    async count(_job, entries) {
      return { totals: { new: entries.length }, sample: entries.map(({ transactionId }) => transactionId) };
    },
    async advance(job, entries, mayBegin) {
      const open = entries.filter(({ status }) => status === "new");
      if (!mayBegin) return ended(entries, new Set(), new Set(open.map(({ transactionId }) => transactionId)));
      const allowed = open.length === 0 ? 0 : await allow(job, open.length);
      const begun = open.slice(0, allowed);
      const ids = begun.map(({ transactionId }) => transactionId);
      const rows = await rowsOf(begun);
      const there = ids.filter((id) => rows.has(id));
      const id = resyncIdOf(job);
      const events = there.map((one) => snapshotEvent(transactionState(rows.get(one) ?? {}), id, source));
      const errors = await topic.publish(events);
      const published = new Set(there.filter((_, index) => errors[index] === undefined));
      const skipped = new Set([
        ...ids.filter((one) => !rows.has(one)),
        ...there.filter((_, index) => errors[index]?.isRefused === true),
      ]);
      return ended(entries, published, skipped);
    },
    totalsOf: snapshotTotals,
    async concluding(job, totals) {
      const id = resyncIdOf(job);
      const { merchantId } = resyncSpecOf(job);
      const { published } = resyncCountsOf(totals);
      if (job.state !== "running") return undefined;
      const [error] = await topic.publish([
        resyncEvent(
          { resyncId: id.resyncId, transactions: published, ...(merchantId !== undefined && { merchantId }) },
          id,
          source,
        ),
      ]);
      if (error !== undefined)
        throw new ResyncEndUnpublishedError(
          `SNS took no resync.completed of ${id.resyncId}: ${error.error}; it is tried again.`,
        );
      return undefined;
    },
    conclude: (_job, totals) => totals,
    write: writeSnapshots,
    read: readSnapshots,
  };

  function ended(entries: readonly SnapshotEntry[], published: ReadonlySet<string>, skipped: ReadonlySet<string>) {
    const next = entries.map((entry): SnapshotEntry => {
      const { transactionId } = entry;
      if (published.has(transactionId)) return { transactionId, status: "published" };
      return skipped.has(transactionId) ? { transactionId, status: "skipped" } : entry;
    });
    const open = next.filter(({ status }) => status === "new").length;
    return open === 0
      ? { entries: next, isBehind: false, open }
      : { entries: next, wakeAt: now() + AGAIN_MS, isBehind: true, open };
  }
}

function resyncIdOf(job: Pick<Job, "jobId" | "asked">): ResyncId {
  const { since, audience } = resyncSpecOf(job);
  return { resyncId: job.jobId, since, audience };
}

/** For the log. */
export function saidOfResync({ jobId, kind, state, totals = {} }: Job): Readonly<Record<string, unknown>> {
  return { jobId, kind, state, ...resyncCountsOf(totals) };
}
