/**
 * The due index as a global secondary index is: a copy of the table that follows it late (DynamoDB Developer Guide,
 * "Eventually consistent reads"). It names rows that became terminal since, and not yet those that were parked since.
 * By time on a clock, or change by change at a test's word.
 */
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { dueIdsOf, type MemoryTable } from "./memory-table.ts";

interface Late {
  readonly id: string;
  readonly image: AttributeMap | undefined;
  readonly at: number;
}

export interface LaggingIndexOptions {
  readonly table: MemoryTable;
  readonly now: () => number;
  /** @default it follows at `catchUp` alone */
  readonly lagMs?: number;
}

export class LaggingIndex {
  readonly #options: LaggingIndexOptions;
  readonly #rows: Map<string, AttributeMap>;
  #late: Late[] = [];

  /** What the table holds by now is in it. */
  constructor(options: LaggingIndexOptions) {
    this.#options = options;
    this.#rows = new Map(options.table.rows);
    options.table.onChange((id, image) => this.#late.push({ id, image, at: options.now() }));
  }

  /** Changes that it has not got yet. */
  get behind(): number {
    return this.#late.length;
  }

  catchUp(changes = this.#late.length): void {
    for (const { id, image } of this.#late.splice(0, changes)) {
      if (image === undefined) this.#rows.delete(id);
      else this.#rows.set(id, image);
    }
  }

  readonly dueIds = async (dueKey: string, dueUntil: number, limit: number): Promise<string[]> => {
    const { lagMs = Number.POSITIVE_INFINITY, now, table } = this.#options;
    if (table.isDown) throw new Error("the table is down");
    const first = this.#late.findIndex(({ at }) => at > now() - lagMs);
    this.catchUp(first < 0 ? this.#late.length : first);
    return dueIdsOf(this.#rows, dueKey, dueUntil, limit);
  };
}
