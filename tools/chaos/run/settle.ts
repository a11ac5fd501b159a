/**
 * Waits, once the faults are over, until everything is settled: no row in the due index, every row settled, nothing
 * left in the queue.
 */
import type { SettledRow } from "../../../local/demo/evidence.ts";
import type { TableReader } from "../../../local/demo/read-table.ts";
import { waitUntil } from "../../../local/demo/wait-until.ts";
import type { LocalCounters } from "../../../local/local-stack.ts";

export interface SettleOptions {
  readonly table: Pick<TableReader, "unsettled" | "rows">;
  readonly counters: () => Promise<Pick<LocalCounters, "queued" | "streamBacklog">>;
  readonly untilMs: number;
  readonly isStopped: () => boolean;
}

const LOOK_EVERY_MS = 250;

/** @returns whether all of it came to its end in time */
export function settle({ table, counters, untilMs, isStopped }: SettleOptions): Promise<boolean> {
  const isSettled = async (): Promise<boolean> => {
    const { queued, streamBacklog } = await counters();
    if (queued > 0 || streamBacklog > 0 || (await table.unsettled()) > 0) return false;
    return (await table.rows()).every(isOver);
  };
  return waitUntil(isSettled, { everyMs: LOOK_EVERY_MS, untilMs, isStopped });
}

function isOver({ state }: SettledRow): boolean {
  return state === "CONFIRMED" || state === "FAILED";
}
