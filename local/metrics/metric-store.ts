/**
 * The metrics of the stack on this machine, as CloudWatch would have them: by namespace, name and dimensions, in slots
 * of five seconds, for an hour. In memory, and bounded in both directions. Times are those at which the values came in.
 */
import type { Points, Timeline } from "../../core/dashboard/evaluate.ts";
import type { Measured } from "../../core/dashboard/panel.ts";
import { Distribution } from "./distribution.ts";
import type { Recorded } from "./emf-line.ts";

export const SLOT_SECONDS = 5;
export const KEPT_SECONDS = 3600;
const KEPT_SLOTS = KEPT_SECONDS / SLOT_SECONDS;
/** Far more than the pipeline has; what would be more is a fault of whoever counts. */
const MOST_METRICS = 2000;

export class MetricStore {
  readonly #now: () => number;
  readonly #metrics = new Map<string, Map<number, Distribution>>();
  /** When the first value could have come in, epoch milliseconds. */
  readonly startedAtMs: number;

  constructor(now: () => number) {
    this.#now = now;
    this.startedAtMs = now();
  }

  record({ namespace, name, dimensions, values, counts }: Recorded): void {
    const key = keyOf(namespace, name, dimensions);
    const slots = this.#metrics.get(key) ?? this.#added(key);
    if (slots === undefined) return;
    const index = this.#slotNow();
    let slot = slots.get(index);
    if (slot === undefined) {
      slot = new Distribution();
      slots.set(index, slot);
      // Oldest first, as they were put in.
      for (const old of slots.keys()) {
        if (old > index - KEPT_SLOTS) break;
        slots.delete(old);
      }
    }
    for (const [position, value] of values.entries()) slot.add(value, counts?.[position]);
  }

  has({ namespace, name, dimensions }: Omit<Measured, "statistic">): boolean {
    return this.#metrics.has(keyOf(namespace, name, dimensions));
  }

  /**
   * One number a period; undefined for a period in which nothing came in.
   * @throws MathError for an unknown statistic
   */
  read({ namespace, name, dimensions, statistic }: Measured, { endMs, periodSeconds, periods }: Timeline): Points {
    const slots = this.#metrics.get(keyOf(namespace, name, dimensions));
    const slotsAPeriod = Math.ceil(periodSeconds / SLOT_SECONDS);
    const end = Math.floor(endMs / (SLOT_SECONDS * 1000));
    return Array.from({ length: periods }, (_, period) => {
      if (slots === undefined) return undefined;
      const first = end - (periods - period) * slotsAPeriod;
      const together = new Distribution();
      for (let index = first; index < first + slotsAPeriod; index += 1) {
        const slot = slots.get(index);
        if (slot !== undefined) together.merge(slot);
      }
      return together.statistic(statistic);
    });
  }

  #added(key: string): Map<number, Distribution> | undefined {
    if (this.#metrics.size >= MOST_METRICS) return undefined;
    const slots = new Map<number, Distribution>();
    this.#metrics.set(key, slots);
    return slots;
  }

  #slotNow(): number {
    return Math.floor(this.#now() / (SLOT_SECONDS * 1000));
  }
}

function keyOf(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([
    namespace,
    name,
    Object.entries(dimensions).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}
