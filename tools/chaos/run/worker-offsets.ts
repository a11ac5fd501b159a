/** By how much the worker's clock was off, and when: by it the times that it wrote are read. */
import type { ClockOffset } from "./charged.ts";

export class WorkerOffsets {
  readonly #ended: ClockOffset[] = [];
  #current: Omit<ClockOffset, "toMs"> = { fromMs: Number.NEGATIVE_INFINITY, byMs: 0 };

  get all(): readonly ClockOffset[] {
    return [...this.#ended, { ...this.#current, toMs: Number.POSITIVE_INFINITY }].filter(({ byMs }) => byMs !== 0);
  }

  /** Faults overlap, and the clock is off by what the last one says. */
  changed(byMs: number, atMs: number): void {
    this.#ended.push({ ...this.#current, toMs: atMs });
    this.#current = { fromMs: atMs, byMs };
  }
}
