/**
 * Percentiles by nearest rank: the lowest value that so large a share of all does not exceed. Of single values, of
 * samples read back from metrics, and of the buckets of a histogram alike.
 */
export interface Sample {
  readonly value: number;
  /** How often it occurred. */
  readonly count: number;
}

/** @param share in (0, 1]: 0.99 for p99. @returns undefined without samples */
export function percentileOf(samples: readonly Sample[], share: number): number | undefined {
  const total = samples.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  for (const { value, count } of samples.toSorted((one, other) => one.value - other.value)) {
    below += count;
    if (below >= total * share) return value;
  }
  return undefined;
}

/** @throws where there are no values: their percentile is nothing to go on with */
export function percentile(values: readonly number[], share: number): number {
  const found = percentileOf(
    values.map((value) => ({ value, count: 1 })),
    share,
  );
  if (found === undefined) throw new Error("There is no percentile of no values.");
  return found;
}
