/**
 * How wrong a clock is: by how much it differs from two services that agree. One of them alone proves nothing, nor do
 * two that contradict each other; and a clock is never corrected here, since what stamps with it must not differ from
 * its own machine.
 */

/** Milliseconds from which on a clock is wrong: most merchants take stamps that are five minutes off, some only one. */
export const MAX_SKEW_MS = 60_000;

/**
 * @param one milliseconds by which the clock is ahead of a service, negative where it is behind; undefined while that
 * has not spoken
 * @param other the same of the other one
 * @returns the smaller of both; 0 where they do not agree
 */
export function agreedSkewMs(one: number | undefined, other: number | undefined): number {
  if (one === undefined || other === undefined) return 0;
  if (one > 0 && other > 0) return Math.min(one, other);
  return one < 0 && other < 0 ? Math.max(one, other) : 0;
}
