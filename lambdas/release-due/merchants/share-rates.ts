/**
 * How much of the rate of all merchants together each of them gets: nobody more than it can take, and nobody less than
 * another who could take as much (max-min). From what all health rows say, so that executions that each look after some
 * of the merchants come to the same.
 */

/**
 * @param demands what each could take a second
 * @returns the most that one of them gets a second; infinite where all get what they can take
 */
export function fairLevel(demands: readonly number[], ratePerSecond: number): number {
  const ascending = demands.toSorted((one, other) => one - other);
  let left = ratePerSecond;
  for (const [index, demand] of ascending.entries()) {
    const share = left / (ascending.length - index);
    if (demand > share) return share;
    left -= demand;
  }
  return Number.POSITIVE_INFINITY;
}
