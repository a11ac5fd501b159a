/**
 * The suite's own book of what it injected: each fault of our own with its interval, and how many calls it touched.
 * What was charged to a merchant is judged by these intervals, never by what the worker thought.
 */
import type { Fault } from "../plan/fault.ts";
import { labelOf } from "../plan/own-fault.ts";

export interface OwnInterval {
  readonly label: string;
  readonly kind: Fault["kind"];
  /** Epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Injected {
  readonly times: number;
  /** Calls, questions, connections or invocations. */
  readonly touched: number;
}

export type InjectedByLabel = Readonly<Record<string, Injected>>;

export class OwnFaultBook {
  readonly #intervals: OwnInterval[] = [];
  readonly #injected = new Map<string, Injected>();

  get intervals(): readonly OwnInterval[] {
    return this.#intervals;
  }

  get injected(): InjectedByLabel {
    return Object.fromEntries([...this.#injected].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** To be told of each fault that is over; of what is no fault of our own nothing is kept. */
  ended(fault: Fault, fromMs: number, toMs: number, touched: number): void {
    const label = labelOf(fault);
    if (label === undefined) return;
    this.#intervals.push({ label, kind: fault.kind, fromMs, toMs });
    this.counted(label, touched);
  }

  /** Of what costs no merchant anything, whatever becomes of it. */
  counted(label: string, touched: number): void {
    const before = this.#injected.get(label) ?? { times: 0, touched: 0 };
    this.#injected.set(label, { times: before.times + 1, touched: before.touched + touched });
  }
}

export function sumOf(parts: readonly InjectedByLabel[]): InjectedByLabel {
  const sum: Record<string, Injected> = {};
  for (const part of parts)
    for (const [label, { times, touched }] of Object.entries(part)) {
      const before = sum[label] ?? { times: 0, touched: 0 };
      sum[label] = { times: before.times + times, touched: before.touched + touched };
    }
  return sum;
}
