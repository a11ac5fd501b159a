/**
 * From values of panels and alarms to numbers: period by period, newest last. Where the numbers come from is the
 * reader's matter: the metrics of the stack on one machine, or made-up ones for the picture in the docs.
 */
import { compileMath, MathError } from "./metric-math.ts";
import { isCalculated, type Measured, type Value } from "./panel.ts";

/** So many periods of this length, the last one ending at `endMs`. */
export interface Timeline {
  readonly endMs: number;
  readonly periodSeconds: number;
  readonly periods: number;
}

export type Points = readonly (number | undefined)[];

/**
 * @returns one number a period, undefined where nothing was measured
 * @throws MathError for a statistic that it does not know
 */
export type MetricReader = (metric: Measured, timeline: Timeline) => Points;

/** @throws MathError */
export function evaluate(value: Value, timeline: Timeline, read: MetricReader): Points {
  if (!isCalculated(value)) return read(value, timeline);
  const compute = compileMath(value.expression);
  const using = Object.entries(value.using).map(([name, inner]) => [name, evaluate(inner, timeline, read)] as const);
  return Array.from({ length: timeline.periods }, (_, index) =>
    compute({
      values: Object.fromEntries(using.map(([name, points]) => [name, points[index]])),
      periodSeconds: timeline.periodSeconds,
    }),
  );
}

/** The same, with nothing measured in the place of what cannot be calculated here. */
export function evaluateOrNothing(value: Value, timeline: Timeline, read: MetricReader): Points {
  try {
    return evaluate(value, timeline, read);
  } catch (error) {
    if (error instanceof MathError) return Array.from({ length: timeline.periods }, () => undefined);
    throw error;
  }
}
