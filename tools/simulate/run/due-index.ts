/**
 * The due index: every row that is not terminal, by partition, in the order in which it was put there. Rows on their
 * way stand in it with the end of their lease, parked ones until their time or for their merchant's sake.
 */
import { parkKeyFor } from "../../../core/transaction/row/index-keys.ts";
import type { Confirmation } from "./confirmation.ts";
import { Line } from "./line.ts";

interface Entry {
  readonly confirmation: Confirmation;
  readonly place: NonNullable<Confirmation["place"]>;
}

const TIME_PREFIX = parkKeyFor("", 1).slice(0, 2);

export class DueIndex {
  readonly #partitions = new Map<string, Line<Entry>>();
  readonly #byId = new Map<string, Confirmation>();
  readonly #parkedOf = new Map<string, number>();
  readonly #leftFrom = new Map<string, number>();
  #parked = 0;

  /** Rows that are written and not terminal. */
  get size(): number {
    return this.#byId.size;
  }

  /** Those of them that are parked. */
  get parked(): number {
    return this.#parked;
  }

  /** Rows that are parked under a key. */
  parkedUnder(dueKey: string): number {
    return this.#parkedOf.get(dueKey) ?? 0;
  }

  /** Rows that were parked under a key and have left it. */
  leftFrom(dueKey: string): number {
    return this.#leftFrom.get(dueKey) ?? 0;
  }

  /** On its way. @param dueAt end of its lease, epoch milliseconds */
  pend(confirmation: Confirmation, dueKey: string, dueAt: number): void {
    this.#put(confirmation, dueKey, dueAt, false);
  }

  park(confirmation: Confirmation, dueKey: string, dueAt: number): void {
    this.#put(confirmation, dueKey, dueAt, true);
  }

  get(id: string): Confirmation | undefined {
    return this.#byId.get(id);
  }

  leave(confirmation: Confirmation): void {
    this.#count(confirmation, -1);
    confirmation.place = undefined;
    confirmation.isParked = false;
    this.#byId.delete(confirmation.id);
  }

  /**
   * As a query of the index. What waits for its merchant is given up in the order in which it was parked.
   * @param dueUntil epoch milliseconds
   */
  dueIds(dueKey: string, dueUntil: number, limit: number): string[] {
    const partition = this.#partitions.get(dueKey);
    if (partition === undefined) return [];
    while (partition.front !== undefined && !isThere(partition.front)) partition.shift();
    const isByTime = dueKey.startsWith(TIME_PREFIX);
    const found: string[] = [];
    for (const entry of partition) {
      if (found.length >= limit) break;
      if (!isThere(entry)) continue;
      if (entry.place.dueAt <= dueUntil) found.push(entry.confirmation.id);
      else if (!isByTime) break;
    }
    return found;
  }

  /** The same from its other end. */
  lastIds(dueKey: string, limit: number): string[] {
    const found: string[] = [];
    for (const entry of this.#partitions.get(dueKey)?.fromItsEnd() ?? []) {
      if (found.length >= limit) break;
      if (isThere(entry)) found.push(entry.confirmation.id);
    }
    return found;
  }

  /** Everything that is written and not terminal. */
  *[Symbol.iterator](): Generator<Confirmation> {
    yield* this.#byId.values();
  }

  #put(confirmation: Confirmation, dueKey: string, dueAt: number, isParked: boolean): void {
    this.#count(confirmation, -1);
    const place = { dueKey, dueAt };
    confirmation.place = place;
    confirmation.isParked = isParked;
    this.#count(confirmation, 1);
    this.#byId.set(confirmation.id, confirmation);
    const partition = this.#partitions.get(dueKey) ?? new Line<Entry>();
    this.#partitions.set(dueKey, partition);
    partition.push({ confirmation, place });
  }

  #count({ place, isParked }: Confirmation, by: number): void {
    if (place === undefined || !isParked) return;
    this.#parked += by;
    if (by < 0) this.#leftFrom.set(place.dueKey, (this.#leftFrom.get(place.dueKey) ?? 0) - by);
    this.#parkedOf.set(place.dueKey, (this.#parkedOf.get(place.dueKey) ?? 0) + by);
  }
}

/** It may have left, and have been put there again, since. */
function isThere({ confirmation, place }: Entry): boolean {
  return confirmation.place === place;
}
