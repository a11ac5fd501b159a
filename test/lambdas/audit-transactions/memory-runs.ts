/** The store of runs in memory, with the conditions of the table. */
import type { Kind, Progress, Run, RunStore } from "../../../core/audit/audit-run.ts";

export class MemoryRuns implements RunStore {
  readonly runs = new Map<Kind, Run>();
  readonly saved = new Map<string, Progress>();

  async current(kind: Kind): Promise<Run | undefined> {
    return this.runs.get(kind);
  }

  async start(run: Run, before: Run | undefined): Promise<boolean> {
    if (this.runs.get(run.kind)?.runId !== before?.runId) return false;
    this.runs.set(run.kind, run);
    return true;
  }

  async finish(run: Run): Promise<boolean> {
    const current = this.runs.get(run.kind);
    if (current?.runId !== run.runId || current.finishedAt !== undefined) return false;
    this.runs.set(run.kind, run);
    return true;
  }

  async progress(runId: string, part: number): Promise<Progress | undefined> {
    return this.saved.get(`${runId} ${part}`);
  }

  async save(runId: string, part: number, progress: Progress): Promise<boolean> {
    const key = `${runId} ${part}`;
    if ((this.saved.get(key)?.step ?? 0) !== progress.step - 1) return false;
    this.saved.set(key, progress);
    return true;
  }

  /** As if a part had been worked on to its end. */
  done(runId: string, part: number, totals: Readonly<Record<string, number>>, savedAt = 0): void {
    this.saved.set(`${runId} ${part}`, { step: 1, isDone: true, savedAt, state: JSON.stringify({ totals }) });
  }
}
