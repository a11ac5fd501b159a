/**
 * What a document of the embedded metric format says of one metric, in each of the forms that a value has: for whoever
 * reads the lines back.
 */

export interface Sample {
  readonly value: number;
  /** How often it occurred. */
  readonly count: number;
}

/** @param member of a document, by the metric's name @returns none for what is no value of a metric */
export function emfSamples(member: unknown): Sample[] {
  if (typeof member === "number") return [{ value: member, count: 1 }];
  if (Array.isArray(member)) return member.flatMap(emfSamples);
  const { Values, Counts } = (member ?? {}) as { Values?: unknown; Counts?: unknown };
  if (!Array.isArray(Values)) return [];
  const counts: readonly unknown[] = Array.isArray(Counts) ? Counts : [];
  return Values.map((value: unknown, index) => ({ value: Number(value), count: Number(counts[index] ?? 1) }));
}

/**
 * @param share in (0, 1]: 0.99 for p99
 * @returns the lowest value that so large a share of all does not exceed; undefined without samples
 */
export function percentileOf(samples: readonly Sample[], share: number): number | undefined {
  const total = samples.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  for (const { value, count } of samples.toSorted((one, other) => one.value - other.value)) {
    below += count;
    if (below >= total * share) return value;
  }
  return undefined;
}
