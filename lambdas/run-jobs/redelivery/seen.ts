/**
 * What this process has seen of entries: when to look at one again that was sent, and in which group its row is called
 * in order. Kept in memory alone: whoever goes on with a part looks soon, and knows.
 */
import type { Entry } from "../../../core/jobs/redelivery/entry.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";

/** Most are delivered by then, and are read but once. */
const FIRST_LOOK_MS = 500;
const LAST_LOOK_MS = 10_000;
/** Looks are the rarer the longer ago it was sent. */
const LOOKS_A_TIME = 3;

export class Seen {
  readonly #lookAt = new WeakMap<Entry, number>();
  readonly #groups = new WeakMap<Entry, string | undefined>();

  /** Epoch milliseconds of the next look at one that was sent. */
  lookAt(entry: Entry): number {
    return this.#lookAt.get(entry) ?? entry.at + FIRST_LOOK_MS;
  }

  /** @param entry as it is after that. @param at epoch milliseconds */
  looked(entry: Entry, row: AttributeMap | undefined, at: number): void {
    this.#groups.set(entry, row && orderedGroupIdOf(row));
    if (entry.status !== "sent") return;
    const waitMs = Math.min(LAST_LOOK_MS, Math.max(FIRST_LOOK_MS, (at - entry.at) / LOOKS_A_TIME));
    this.#lookAt.set(entry, at + waitMs);
  }

  /** @param entry as it is after that */
  sent(entry: Entry, row: AttributeMap): void {
    this.#groups.set(entry, orderedGroupIdOf(row));
  }

  isKnown(entry: Entry): boolean {
    return this.#groups.has(entry);
  }

  /** Undefined for one that is in none, or not known. */
  groupOf(entry: Entry): string | undefined {
    return this.#groups.get(entry);
  }
}
