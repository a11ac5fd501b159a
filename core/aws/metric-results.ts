/**
 * What CloudWatch has of metrics over a time. Each that is asked for costs a hundred-thousandth of a dollar, however
 * long the time is, so whoever reads keeps the results for a while.
 */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import type { Measured } from "../dashboard/panel.ts";

/** Queries that a call takes (CloudWatch API Reference, `GetMetricData`). */
const MOST_QUERIES = 500;

/** @param Id of its result: a small letter, then letters, digits and underscores */
export function metricQuery(
  { namespace, name, dimensions, statistic }: Measured,
  Id: string,
  periodSeconds: number,
): MetricDataQuery {
  return {
    Id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
}

/**
 * @param fromMs epoch milliseconds, included. @param toMs the same, not included
 * @returns of each query one or more, the earliest values first. @throws what CloudWatch does
 */
export async function metricResults(
  client: CloudWatchClient,
  queries: readonly MetricDataQuery[],
  fromMs: number,
  toMs: number,
): Promise<readonly MetricDataResult[]> {
  const results: MetricDataResult[] = [];
  for (let start = 0; start < queries.length; start += MOST_QUERIES) {
    let NextToken: string | undefined;
    do {
      const output = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(fromMs),
          EndTime: new Date(toMs),
          ScanBy: "TimestampAscending",
          MetricDataQueries: queries.slice(start, start + MOST_QUERIES),
          ...(NextToken !== undefined && { NextToken }),
        }),
      );
      results.push(...(output.MetricDataResults ?? []));
      NextToken = output.NextToken;
    } while (NextToken !== undefined);
  }
  return results;
}
