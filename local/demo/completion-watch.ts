/**
 * Tells when every transaction is terminal, without weighing on the table meanwhile: as long as fewer are terminal than
 * were inserted, by the count of the stream, the table is looked at every few seconds only. What decides is the table
 * itself, first the sparse index of what is not terminal, then every row.
 */
import type { LocalCounters } from "../local-stack.ts";
import { isComplete } from "./evidence.ts";
import type { TableReader } from "./read-table.ts";

export interface CompletionWatchOptions {
  readonly table: Pick<TableReader, "withoutOutcome" | "rows">;
  readonly counters: () => Promise<Pick<LocalCounters, "confirmed" | "failed">>;
  /** Transactions inserted so far. */
  readonly inserted: () => number;
  /** Whether all versions of all transactions are in the table. */
  readonly isInserted: () => boolean;
  readonly nowMs: () => number;
}

const LOOK_ANYWAY_MS = 3000;

export class CompletionWatch {
  readonly #options: CompletionWatchOptions;
  #lookedAtMs: number;
  #terminal = 0;

  constructor(options: CompletionWatchOptions) {
    this.#options = options;
    this.#lookedAtMs = options.nowMs();
  }

  /** About how many are terminal; for the bar. */
  get terminal(): number {
    return this.#terminal;
  }

  async isTerminal(): Promise<boolean> {
    const { table, counters, inserted, isInserted, nowMs } = this.#options;
    const { confirmed, failed } = await counters();
    // A transaction may complete in an older version first, and then counts twice.
    this.#terminal = Math.min(confirmed + failed, inserted());
    const isWorthALook = confirmed + failed >= inserted() || nowMs() - this.#lookedAtMs >= LOOK_ANYWAY_MS;
    if (!isInserted() || !isWorthALook) return false;
    this.#lookedAtMs = nowMs();
    const pending = await table.withoutOutcome();
    this.#terminal = inserted() - pending;
    if (pending > 0) return false;
    const rows = await table.rows();
    return rows.every((row) => isComplete(row));
  }
}
