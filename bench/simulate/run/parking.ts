/** Confirmations that wait in the table, by partition of the due index, in the order in which they were parked. */
import { isWaitKey } from "../../../core/due-index.ts";
import type { Confirmation } from "./confirmation.ts";
import { Line } from "./line.ts";

interface Place {
  readonly confirmation: Confirmation;
  readonly parked: NonNullable<Confirmation["parked"]>;
}

export class Parking {
  readonly #partitions = new Map<string, Line<Place>>();
  readonly #byId = new Map<string, Confirmation>();

  get size(): number {
    return this.#byId.size;
  }

  park(confirmation: Confirmation, dueKey: string, dueAt: number): void {
    const parked = { dueKey, dueAt };
    confirmation.parked = parked;
    this.#byId.set(confirmation.id, confirmation);
    const partition = this.#partitions.get(dueKey) ?? new Line<Place>();
    this.#partitions.set(dueKey, partition);
    partition.push({ confirmation, parked });
  }

  get(id: string): Confirmation | undefined {
    return this.#byId.get(id);
  }

  leave(confirmation: Confirmation): void {
    confirmation.parked = undefined;
    this.#byId.delete(confirmation.id);
  }

  /** As a query of the due index. What waits for its merchant is given up in the order in which it was parked. @param dueUntil epoch milliseconds */
  dueIds(dueKey: string, dueUntil: number, limit: number): string[] {
    const partition = this.#partitions.get(dueKey);
    if (partition === undefined) return [];
    while (partition.front !== undefined && !isThere(partition.front)) partition.shift();
    const found: string[] = [];
    for (const place of partition) {
      if (found.length >= limit) break;
      if (!isThere(place)) continue;
      if (place.parked.dueAt <= dueUntil) found.push(place.confirmation.id);
      else if (isWaitKey(dueKey)) break;
    }
    return found;
  }

  *[Symbol.iterator](): Generator<Confirmation> {
    yield* this.#byId.values();
  }
}

/** It may have left, and have been parked again, since. */
function isThere({ confirmation, parked }: Place): boolean {
  return confirmation.parked === parked;
}
