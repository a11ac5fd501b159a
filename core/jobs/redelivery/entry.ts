/**
 * A transaction of a redelivery, as it is kept in a batch.
 *
 *   new -> skipped (one of `SKIPPED`)
 *   new -> sent -> one of `ENDS`
 *          sent -> again -> sent      a confirmed one that was turned away, or failed in a way that may pass
 *
 * Marked and sent are two steps, and only the second is kept here: one that is `new` and marked by this very job was
 * left in between, and its message is sent once more.
 */
import type { Totals } from "../job.ts";
import { type End, ENDS, SKIPPED, type Skipped, skippedAs } from "./spec.ts";

export type Status = "new" | "sent" | "again" | End | Skipped;

export interface Entry {
  readonly transactionId: string;
  readonly version: number;
  readonly status: Status;
  /** Of the newest mark. */
  readonly generation: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** How often nothing was called, or nobody has handled its message. */
  readonly inVain: number;
  /** Epoch milliseconds: when it was sent, or is to be sent again. */
  readonly at: number;
}

export function newEntry(transactionId: string, version: number): Entry {
  return { transactionId, version, status: "new", generation: 0, failures: 0, inVain: 0, at: 0 };
}

const UNFINISHED: ReadonlySet<Status> = new Set(["new", "sent", "again"]);

export function isOver({ status }: Entry): boolean {
  return !UNFINISHED.has(status);
}

export function totalsOf(entries: readonly Entry[]): Totals {
  const totals: Record<string, number> = {};
  const count = (name: string) => (totals[name] = (totals[name] ?? 0) + 1);
  for (const { status } of entries) {
    if (status === "new") count("new");
    else if (Object.hasOwn(SKIPPED, status)) count(skippedAs(status as Skipped));
    else {
      count("sent");
      if (ENDS.some((end) => end === status)) count(status);
    }
  }
  return totals;
}

type Written = [string, number, Status, number, number, number, number];

export function writeEntries(entries: readonly Entry[]): string {
  return JSON.stringify(
    entries.map(({ transactionId, version, status, generation, failures, inVain, at }): Written => [
      transactionId,
      version,
      status,
      generation,
      failures,
      inVain,
      at,
    ]),
  );
}

export function readEntries(text: string): Entry[] {
  if (text === "") return [];
  return (JSON.parse(text) as Written[]).map(([transactionId, version, status, generation, failures, inVain, at]) => ({
    transactionId,
    version,
    status,
    generation,
    failures,
    inVain,
    at,
  }));
}
