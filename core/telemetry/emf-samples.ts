/**
 * What a document of the embedded metric format says of one metric, in each of the forms that a value has: for whoever
 * reads the lines back.
 */
import type { Sample } from "./percentile.ts";

/** @param member of a document, by the metric's name @returns none for what is no value of a metric */
export function emfSamples(member: unknown): Sample[] {
  if (typeof member === "number") return [{ value: member, count: 1 }];
  if (Array.isArray(member)) return member.flatMap(emfSamples);
  const { Values, Counts } = (member ?? {}) as { Values?: unknown; Counts?: unknown };
  if (!Array.isArray(Values)) return [];
  const counts: readonly unknown[] = Array.isArray(Counts) ? Counts : [];
  return Values.map((value: unknown, index) => ({ value: Number(value), count: Number(counts[index] ?? 1) }));
}
