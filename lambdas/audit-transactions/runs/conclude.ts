/**
 * After a part is done: if it was the last one, the parts' totals are added up, published, and the run is finished.
 * `Lost` is published only when it is known, that is when no audit is behind: silence raises an alarm of its own, and a
 * 0 that nobody counted would not.
 */
import type { Kind, Run, RunStore, Totals } from "../../../core/audit/audit-run.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { type LookTimes, nextLook } from "./due-looks.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

export interface ConcludeParts extends LookTimes {
  readonly store: Pick<RunStore, "current" | "finish" | "progress">;
  readonly publish: (metrics: Readonly<Record<string, number>>) => void;
  readonly log: Log;
  readonly warn: Log;
  readonly tableEveryMs: number;
  readonly now: () => number;
}

/** Name of the metric, by name of the count. */
const PUBLISHED: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  index: { found: METRICS.found, repaired: METRICS.auditRepaired, postponed: METRICS.auditPostponed },
  table: { found: METRICS.found, repaired: METRICS.auditRepaired, postponed: METRICS.auditPostponed },
  manifests: {
    written: METRICS.manifestsWritten,
    unsigned: METRICS.manifestsUnsigned,
    repaired: METRICS.auditRepaired,
  },
};

/** An audit may take as long again as the time between two before it counts as behind. */
const PATIENCE = 2;
const MANIFESTS_PATIENCE_MS = 86_400_000;

/** @returns whether this was the last part, and the run is finished by now */
export async function conclude(kind: Kind, runId: string, parts: ConcludeParts): Promise<boolean> {
  const { store, now } = parts;
  const run = await store.current(kind);
  if (run === undefined || run.runId !== runId || run.finishedAt !== undefined) return false;
  const totals: Record<string, number> = {};
  for (let part = 0; part < run.parts; part += 1) {
    const progress = await store.progress(runId, part);
    if (progress?.isDone !== true) return false;
    const state = JSON.parse(progress.state) as { readonly totals: Totals };
    for (const [name, count] of Object.entries(state.totals)) totals[name] = (totals[name] ?? 0) + count;
  }
  const finished: Run = { ...run, finishedAt: now(), totals };
  const lost = await lostNow(finished, parts);
  const counts = Object.entries(PUBLISHED[kind]).map(([name, metric]) => [metric, totals[name] ?? 0] as const);
  // Published before it is finished: twice does no harm to a maximum, and not at all would raise an alarm.
  parts.publish({ ...Object.fromEntries(counts), ...(lost !== undefined && { [METRICS.lost]: lost }) });
  parts.log("audit finished", { ...finished, looks: undefined, before: undefined });
  await store.finish(finished);
  return true;
}

/** What the newest sweeps have lost, together; undefined when one is behind, and nobody knows. */
async function lostNow(finished: Run, parts: ConcludeParts): Promise<number | undefined> {
  if (finished.kind === "manifests") return undefined;
  const of = async (kind: Kind) => (kind === finished.kind ? finished : parts.store.current(kind));
  const [index, table, manifests] = [await of("index"), await of("table"), await of("manifests")];
  const now = parts.now();
  const behind: string[] = [];
  const tableSeenAt = table?.finishedAt ?? table?.before?.finishedAt ?? table?.startedAt;
  if (tableSeenAt === undefined || now - tableSeenAt > PATIENCE * parts.tableEveryMs) behind.push("table");
  if (manifests !== undefined && nextLook(now - MANIFESTS_PATIENCE_MS, parts, manifests) !== undefined)
    behind.push("manifests");
  if (behind.length > 0) {
    parts.warn("Lost is not known, an audit is behind", { behind });
    return undefined;
  }
  return lostOf(index) + lostOf(table);
}

function lostOf(run: Run | undefined): number {
  return (run?.totals ?? run?.before?.totals)?.["lost"] ?? 0;
}
