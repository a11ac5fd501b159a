/** Metrics over a time, as panels calculate with them: a place for each period, with a value where there is one. */
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { type Counted, metricKey } from "../dashboard/counted-metrics.ts";
import type { Timeline } from "../dashboard/evaluate.ts";
import type { Measured } from "../dashboard/panel.ts";
import { metricQuery, metricResults } from "./metric-results.ts";

/** @returns by `metricKey`. @throws what CloudWatch does */
export async function readMetrics(
  client: CloudWatchClient,
  metrics: readonly Measured[],
  { endMs, periodSeconds, periods }: Timeline,
): Promise<ReadonlyMap<string, Counted>> {
  const periodMs = periodSeconds * 1000;
  const startMs = endMs - periods * periodMs;
  const points = metrics.map((): (number | undefined)[] => Array.from({ length: periods }, () => undefined));
  const notes: (string | undefined)[] = [];
  const queries = metrics.map((metric, index) => metricQuery(metric, `m${index}`, periodSeconds));
  const results = await metricResults(client, queries, startMs, endMs);
  for (const { Id = "", Timestamps = [], Values = [], Messages = [] } of results) {
    const index = Number(Id.slice(1));
    notes[index] ??= Messages[0]?.Value;
    for (const [position, at] of Timestamps.entries()) {
      const period = Math.floor((new Date(at).getTime() - startMs) / periodMs);
      const own = points[index];
      if (own !== undefined && period >= 0 && period < periods) own[period] = Values[position];
    }
  }
  return new Map(
    metrics.map((metric, index) => [metricKey(metric), { points: points[index] ?? [], note: notes[index] }]),
  );
}
