/**
 * @param share in [0, 1].
 * @returns the smallest value that at least this share of them does not exceed (nearest rank)
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("There is no percentile of no values.");
  return value;
}
