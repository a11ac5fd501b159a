/**
 * Waits, once the faults are over, until everything is complete: no row in the due index, every row at its end, nothing
 * left in the queue.
 */
import { isComplete } from "../../../local/demo/evidence.ts";
import type { TableReader } from "../../../local/demo/read-table.ts";
import { waitUntil } from "../../../local/demo/wait-until.ts";
import type { LocalCounters } from "../../../local/local-stack.ts";

export interface CompletionOptions {
  readonly table: Pick<TableReader, "withoutOutcome" | "rows">;
  readonly counters: () => Promise<Pick<LocalCounters, "queued" | "streamBacklog">>;
  /** @default there are no jobs */
  readonly areJobsOver?: () => Promise<boolean>;
  readonly untilMs: number;
  readonly isStopped: () => boolean;
}

const LOOK_EVERY_MS = 250;

/** @returns whether all of it came to its end in time */
export function untilComplete({
  table,
  counters,
  areJobsOver = async () => true,
  untilMs,
  isStopped,
}: CompletionOptions): Promise<boolean> {
  const areComplete = async (): Promise<boolean> => {
    const { queued, streamBacklog } = await counters();
    if (queued > 0 || streamBacklog > 0 || (await table.withoutOutcome()) > 0) return false;
    return (await table.rows()).every((row) => isComplete(row)) && areJobsOver();
  };
  return waitUntil(areComplete, { everyMs: LOOK_EVERY_MS, untilMs, isStopped });
}
