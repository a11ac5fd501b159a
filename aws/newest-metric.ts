/** The newest value of a metric that AWS itself publishes each minute. A source that is idle publishes nothing, so no data means 0. */
import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";

const PERIOD_SECONDS = 60;
const LOOK_BACK_MS = 5 * 60_000;

export interface MetricName {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimension: { readonly Name: string; readonly Value: string };
}

/** @returns the greatest value in the newest of the last minutes, 0 without one */
export async function newestMaximum(client: CloudWatchClient, metric: MetricName, now: number): Promise<number> {
  const { id: Id, namespace: Namespace, name: MetricName, dimension } = metric;
  const output = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - LOOK_BACK_MS),
      EndTime: new Date(now + PERIOD_SECONDS * 1000),
      ScanBy: "TimestampDescending",
      MetricDataQueries: [
        {
          Id,
          MetricStat: {
            Metric: { Namespace, MetricName, Dimensions: [dimension] },
            Period: PERIOD_SECONDS,
            Stat: "Maximum",
          },
        },
      ],
    }),
  );
  return output.MetricDataResults?.[0]?.Values?.[0] ?? 0;
}
