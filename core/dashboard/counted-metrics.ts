/** What was counted of the panels' metrics, read once for all of them. */
import { type MetricReader, type Points, type Timeline } from "./evaluate.ts";
import { MathError } from "./metric-math.ts";
import { type Measured, measuredIn, type Section } from "./panel.ts";

export interface Counted {
  /** One a period; undefined where nothing was measured. */
  readonly points: Points;
  /** What CloudWatch says of it, such as that it is not measured here. */
  readonly note?: string | undefined;
}

/** Every metric with its statistic once. */
export function metricsOf(sections: readonly Section[]): readonly Measured[] {
  const panels = sections.flatMap((section) => section.panels);
  const values = panels.flatMap((panel) => ("series" in panel ? panel.series.map(({ value }) => value) : []));
  return [...new Map(values.flatMap(measuredIn).map((metric) => [metricKey(metric), metric])).values()];
}

export function metricKey({ namespace, name, dimensions, statistic }: Measured): string {
  const named = Object.entries(dimensions).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([namespace, name, named, statistic]);
}

/** Of the whole time out of its periods: what can be added up again, or compared. */
const TOGETHER: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  SampleCount: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
};

/**
 * @param counted by `metricKey`, over the timeline
 * @returns a reader of that timeline, and of its whole time as one period
 */
export function readerOf(counted: ReadonlyMap<string, Counted>, timeline: Timeline): MetricReader {
  return (metric, { periods }) => {
    const { points = [] } = counted.get(metricKey(metric)) ?? {};
    if (periods === timeline.periods) return points;
    const together = TOGETHER[metric.statistic];
    if (periods !== 1 || together === undefined)
      throw new MathError(`${metric.statistic} of ${metric.name} cannot be told of ${periods} periods together`);
    const values = points.filter((point) => point !== undefined);
    return [values.length === 0 ? undefined : together(values)];
  };
}

/** The same without what was before the first value of all, as for a stack that is new. @param fewest periods */
export function sinceFirst(
  counted: ReadonlyMap<string, Counted>,
  timeline: Timeline,
  fewest: number,
): { readonly counted: ReadonlyMap<string, Counted>; readonly timeline: Timeline } {
  const firsts = [...counted.values()].map(({ points }) => points.findIndex((point) => point !== undefined));
  const first = Math.min(timeline.periods, ...firsts.filter((index) => index >= 0));
  const dropped = Math.max(0, Math.min(first, timeline.periods - fewest));
  return {
    timeline: { ...timeline, periods: timeline.periods - dropped },
    counted: new Map([...counted].map(([key, one]) => [key, { ...one, points: one.points.slice(dropped) }])),
  };
}
