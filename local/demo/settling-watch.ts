/**
 * Tells when every transaction is settled, without weighing on the table meanwhile: as long as fewer have settled than
 * were inserted, by the count of the stream, the table is looked at every few seconds only. What decides is the table
 * itself, first the sparse index of what is unsettled, then every row.
 */
import type { LocalCounters } from "../local-stack.ts";
import { isComplete } from "./evidence.ts";
import type { TableReader } from "./read-table.ts";

export interface SettlingWatchOptions {
  readonly table: Pick<TableReader, "unsettled" | "rows">;
  readonly counters: () => Promise<Pick<LocalCounters, "confirmed" | "failed">>;
  /** Transactions inserted so far. */
  readonly inserted: () => number;
  /** Whether all versions of all transactions are in the table. */
  readonly isInserted: () => boolean;
  readonly nowMs: () => number;
}

const LOOK_ANYWAY_MS = 3000;

export class SettlingWatch {
  readonly #options: SettlingWatchOptions;
  #lookedAtMs: number;
  #settled = 0;

  constructor(options: SettlingWatchOptions) {
    this.#options = options;
    this.#lookedAtMs = options.nowMs();
  }

  /** About how many are settled; for the bar. */
  get settled(): number {
    return this.#settled;
  }

  async isSettled(): Promise<boolean> {
    const { table, counters, inserted, isInserted, nowMs } = this.#options;
    const { confirmed, failed } = await counters();
    // A transaction may settle in an older version first, and then counts twice.
    this.#settled = Math.min(confirmed + failed, inserted());
    const isWorthALook = confirmed + failed >= inserted() || nowMs() - this.#lookedAtMs >= LOOK_ANYWAY_MS;
    if (!isInserted() || !isWorthALook) return false;
    this.#lookedAtMs = nowMs();
    const unsettled = await table.unsettled();
    this.#settled = inserted() - unsettled;
    if (unsettled > 0) return false;
    const rows = await table.rows();
    return rows.every((row) => isComplete(row));
  }
}
