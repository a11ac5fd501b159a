/**
 * Metrics over a time, of CloudWatch. Each that is asked for costs a hundred-thousandth of a dollar, however long the
 * time is, so whoever reads keeps the result for a while.
 */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { type Counted, metricKey } from "../dashboard/counted-metrics.ts";
import type { Timeline } from "../dashboard/evaluate.ts";
import type { Measured } from "../dashboard/panel.ts";

/** Queries that a call takes (CloudWatch API Reference, `GetMetricData`). */
const MOST_QUERIES = 500;

/** @returns by `metricKey`. @throws what CloudWatch does */
export async function readMetrics(
  client: CloudWatchClient,
  metrics: readonly Measured[],
  timeline: Timeline,
): Promise<ReadonlyMap<string, Counted>> {
  const parts = Array.from({ length: Math.ceil(metrics.length / MOST_QUERIES) }, (_, index) =>
    metrics.slice(index * MOST_QUERIES, (index + 1) * MOST_QUERIES),
  );
  const read = await Promise.all(parts.map((part) => readPart(client, part, timeline)));
  return new Map(read.flat());
}

async function readPart(
  client: CloudWatchClient,
  metrics: readonly Measured[],
  timeline: Timeline,
): Promise<readonly (readonly [string, Counted])[]> {
  const { endMs, periodSeconds, periods } = timeline;
  const periodMs = periodSeconds * 1000;
  const startMs = endMs - periods * periodMs;
  const points = metrics.map((): (number | undefined)[] => Array.from({ length: periods }, () => undefined));
  const notes: (string | undefined)[] = [];
  const queries = metrics.map((metric, index) => queryOf(metric, `m${index}`, periodSeconds));
  for (const { Id = "", Timestamps = [], Values = [], Messages = [] } of await ask(client, queries, startMs, endMs)) {
    const index = Number(Id.slice(1));
    notes[index] ??= Messages[0]?.Value;
    for (const [position, at] of Timestamps.entries()) {
      const period = Math.floor((new Date(at).getTime() - startMs) / periodMs);
      const own = points[index];
      if (own !== undefined && period >= 0 && period < periods) own[period] = Values[position];
    }
  }
  return metrics.map((metric, index) => [metricKey(metric), { points: points[index] ?? [], note: notes[index] }]);
}

function queryOf({ namespace, name, dimensions, statistic }: Measured, Id: string, Period: number): MetricDataQuery {
  return {
    Id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period,
      Stat: statistic,
    },
  };
}

async function ask(
  client: CloudWatchClient,
  MetricDataQueries: MetricDataQuery[],
  startMs: number,
  endMs: number,
): Promise<MetricDataResult[]> {
  const results: MetricDataResult[] = [];
  let NextToken: string | undefined;
  do {
    const output = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(startMs),
        EndTime: new Date(endMs),
        ScanBy: "TimestampAscending",
        MetricDataQueries,
        ...(NextToken !== undefined && { NextToken }),
      }),
    );
    results.push(...(output.MetricDataResults ?? []));
    NextToken = output.NextToken;
  } while (NextToken !== undefined);
  return results;
}
