/**
 * Starts what is due, each hour: the sweep over the due index each time, the one over the whole table and the manifests
 * when their time has come. A run that is under way is not started again: its parts that nobody has worked on for a
 * while get another message. So a message that was lost, or a crash at any point, costs an hour and no more.
 */
import type { Kind, PartMessage, Run, RunStore } from "../../../core/audit/audit-run.ts";
import { lastDay, type Look, lookAt, type LookTimes, nextLook, withLook } from "./due-looks.ts";

export interface PlanParts extends LookTimes {
  readonly store: Pick<RunStore, "current" | "start" | "progress">;
  readonly send: (messages: readonly PartMessage[]) => Promise<void>;
  /** How many parts a run of this kind is worth now. */
  readonly partsFor: (kind: Kind) => Promise<number>;
  readonly tableEveryMs: number;
  readonly now: () => number;
}

export type Planned =
  | { readonly kind: Kind; readonly runId: string; readonly parts: number; readonly is: "started" | "under way" }
  | { readonly kind: Kind; readonly is: "not due" };

/** Longer than an invocation can take. */
const STALE_MS = 10 * 60_000;

/** What the clock asks for. The index last: whoever concludes it looks at the others. */
export async function planDue(parts: PlanParts): Promise<Planned[]> {
  return [await plan("table", parts), await plan("manifests", parts), await plan("index", parts)];
}

/** The next look at manifests, if there is one; for when a run of theirs is finished. */
export function planManifests(parts: PlanParts): Promise<Planned> {
  return plan("manifests", parts);
}

/** What a person asks for, due or not. @param day of manifests, a UTC day that is over; by default the last one */
export function planNow(kind: Kind, day: string | undefined, parts: PlanParts): Promise<Planned> {
  const asked = day ?? lastDay(parts.now());
  return plan(kind, parts, { look: { day: asked, look: lookAt(asked, parts.now(), parts) } });
}

async function plan(kind: Kind, parts: PlanParts, asked?: { readonly look: Look }): Promise<Planned> {
  const last = await parts.store.current(kind);
  if (last !== undefined && last.finishedAt === undefined) return goOn(last, parts);
  const look = kind === "manifests" ? (asked?.look ?? nextLook(parts.now(), parts, last)) : undefined;
  if (!isDue(kind, last, look, asked !== undefined, parts)) return { kind, is: "not due" };
  return start(kind, last, look, parts);
}

function isDue(kind: Kind, last: Run | undefined, look: Look | undefined, isAsked: boolean, parts: PlanParts): boolean {
  if (kind === "manifests") return look !== undefined;
  if (kind === "index" || isAsked || last === undefined) return true;
  return parts.now() - last.startedAt >= parts.tableEveryMs;
}

async function start(kind: Kind, last: Run | undefined, look: Look | undefined, parts: PlanParts): Promise<Planned> {
  const startedAt = parts.now();
  const { finishedAt, totals } = last ?? {};
  const run: Run = {
    kind,
    runId: `${kind}-${new Date(startedAt).toISOString()}`,
    parts: await parts.partsFor(kind),
    startedAt,
    ...(finishedAt !== undefined && totals !== undefined && { before: { finishedAt, totals } }),
    ...(look !== undefined && { ...look, looks: withLook(last?.looks, look, startedAt, parts) ?? {} }),
  };
  const isOurs = await parts.store.start(run, last);
  // Another planner was faster; its messages are on their way.
  if (isOurs) await parts.send(messagesFor(run));
  return { kind, runId: run.runId, parts: run.parts, is: isOurs ? "started" : "under way" };
}

async function goOn(run: Run, { store, send, now }: PlanParts): Promise<Planned> {
  const stale: PartMessage[] = [];
  for (const message of messagesFor(run)) {
    const progress = await store.progress(run.runId, message.part);
    const lastSeen = progress?.savedAt ?? run.startedAt;
    // A part that is done gets one too when all are: its message concludes the run.
    if (now() - lastSeen >= STALE_MS) stale.push(message);
  }
  if (stale.length > 0) await send(stale);
  return { kind: run.kind, runId: run.runId, parts: run.parts, is: "under way" };
}

function messagesFor({ kind, runId, parts }: Run): PartMessage[] {
  return Array.from({ length: parts }, (_, part) => ({ kind, runId, part }));
}
