/**
 * How fast what waits for merchants goes out in a look: evenly over most of the time to the next one, since in one
 * burst it would overrun them, and the table.
 */
const PACED_SHARE = 0.8;
/** Between two looks at the clock. */
export const PACE_MS = 50;

export interface Paced {
  /** Rows of merchants that have gone in this look, and those that have not. */
  readonly gone: number;
  readonly left: number;
  readonly elapsedMs: number;
  /** Until the next look, or the end of this one. */
  readonly untilNextMs: number;
}

/** Whether more of what waits for merchants has gone than was to go by now. */
export function isAhead({ gone, left, elapsedMs, untilNextMs }: Paced): boolean {
  const share = elapsedMs / (untilNextMs * PACED_SHARE);
  return left > 0 && gone > (gone + left) * share;
}
