/**
 * The kind `resync`: reads the table from end to end and publishes a snapshot of each row. What is found is published
 * from the row as it was found; whoever goes on after a kill reads the row once more. Either is a snapshot, as each was
 * read after the time that it is for.
 */
import type { EventsTopic } from "../../../core/aws/events-topic.ts";
import type { RowsPage, RowsPlace } from "../../../core/aws/scan-rows.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { resyncEvent, type ResyncId, snapshotEvent } from "../../../core/events/envelope.ts";
import { transactionState } from "../../../core/events/transaction-state.ts";
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
  const { scan, table, topic, source, allow, now } = options;
  // Of this process, by id; what is published is let go of.
  const found = new Map<string, AttributeMap>();
  const rowsOf = async (ids: readonly string[]): Promise<ReadonlyMap<string, AttributeMap>> => {
    const unknown = ids.filter((id) => !found.has(id));
    const read = unknown.length === 0 ? new Map<string, AttributeMap>() : await table.read(unknown);
    return new Map(
      ids.flatMap((id) => {
        const row = found.get(id) ?? read.get(id);
        return row === undefined ? [] : [[id, row] as const];
      }),
    );
  };
  return {
    async find({ asked, ...job }, part, cursor, limit) {
      const { merchantId } = resyncSpecOf({ asked });
      const from = cursor === undefined ? undefined : (JSON.parse(cursor) as AttributeMap);
      const { rows, next } = await scan({ segment: part, segments: asked.parts, limit, merchantId, from });
      const entries = rows.map((row): SnapshotEntry => {
        const transactionId = stringOf(row["transactionId"]) ?? "";
        if (job.state === "running") found.set(transactionId, row);
        return { transactionId, status: "new" };
      });
      return { entries, ...(next !== undefined && { cursor: JSON.stringify(next) }) };
    },
    async count(_job, entries) {
      return { totals: { new: entries.length }, sample: entries.map(({ transactionId }) => transactionId) };
    },
    async advance(job, entries, mayBegin) {
      const open = entries.filter(({ status }) => status === "new");
      if (!mayBegin) return ended(entries, new Set(), new Set(open.map(({ transactionId }) => transactionId)));
      const allowed = open.length === 0 ? 0 : await allow(job, open.length);
      const ids = open.slice(0, allowed).map(({ transactionId }) => transactionId);
      const rows = await rowsOf(ids);
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
      const { published } = resyncCountsOf(totals);
      if (job.state !== "running") return;
      const [error] = await topic.publish([
        resyncEvent({ resyncId: id.resyncId, transactions: published }, id, source),
      ]);
      if (error !== undefined)
        throw new ResyncEndUnpublishedError(
          `SNS took no resync.completed of ${id.resyncId}: ${error.error}; it is tried again.`,
        );
    },
    conclude: (_job, totals) => totals,
    write: writeSnapshots,
    read: readSnapshots,
  };

  function ended(entries: readonly SnapshotEntry[], published: ReadonlySet<string>, skipped: ReadonlySet<string>) {
    const next = entries.map((entry): SnapshotEntry => {
      if (published.has(entry.transactionId)) return { ...entry, status: "published" };
      return skipped.has(entry.transactionId) ? { ...entry, status: "skipped" } : entry;
    });
    for (const { transactionId, status } of next) if (status !== "new") found.delete(transactionId);
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
