/**
 * Works on one part of a run from where it was left, step by step, until it is done or little time is left. Progress is
 * saved every few seconds under the condition that nobody else has, so a message that comes twice does no harm, and a
 * crash costs some seconds of work.
 */
import type { PartMessage, Progress, RunStore } from "../../../core/audit/audit-run.ts";

/** The work of one kind of run. */
export interface Work<State> {
  readonly initial: State;
  readonly step: (state: State) => Promise<{ readonly state: State; readonly isDone: boolean }>;
}

export interface WorkOptions {
  readonly store: Pick<RunStore, "progress" | "save">;
  readonly now: () => number;
  /** Milliseconds until the invocation is ended. */
  readonly remainingMs: () => number;
}

/** `continues`: it needs another message. `overtaken`: another invocation works on it. */
export type Worked = "done" | "continues" | "overtaken";

const SAVE_EVERY_MS = 10_000;
/** A step may take half of this; it reads for 15 s, and waits for the stream. */
const RESERVE_MS = 120_000;

export async function workPart<State>(
  { runId, part }: PartMessage,
  work: Work<State>,
  { store, now, remainingMs }: WorkOptions,
): Promise<Worked> {
  const saved: Progress | undefined = await store.progress(runId, part);
  if (saved?.isDone === true) return "done";
  let state = saved === undefined ? work.initial : (JSON.parse(saved.state) as State);
  let step = saved?.step ?? 0;
  let savedAt = now();
  for (;;) {
    const result = await work.step(state);
    ({ state } = result);
    const isOver = result.isDone || remainingMs() < RESERVE_MS;
    if (!isOver && now() - savedAt < SAVE_EVERY_MS) continue;
    step += 1;
    savedAt = now();
    const isOurs = await store.save(runId, part, {
      step,
      isDone: result.isDone,
      savedAt,
      state: JSON.stringify(state),
    });
    if (!isOurs) return "overtaken";
    if (isOver) return result.isDone ? "done" : "continues";
  }
}
