/** The newest value of a metric that AWS itself publishes each minute. A source that is idle publishes nothing. */
import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";

const PERIOD_SECONDS = 60;
const LOOK_BACK_MS = 5 * 60_000;

export interface MetricName {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimension: { readonly Name: string; readonly Value: string };
}

export interface Datum {
  readonly value: number;
  /** Epoch milliseconds at which its minute began. */
  readonly at: number;
}

/** @returns the greatest value in the newest of the last minutes; undefined when there is none, which is no 0 */
export async function newestDatum(
  client: CloudWatchClient,
  metric: MetricName,
  now: number,
  abortSignal?: AbortSignal,
): Promise<Datum | undefined> {
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
    ...(abortSignal === undefined ? [] : [{ abortSignal }]),
  );
  const { Values: [value] = [], Timestamps: [at] = [] } = output.MetricDataResults?.[0] ?? {};
  return value === undefined ? undefined : { value, at: at === undefined ? Number.NEGATIVE_INFINITY : Number(at) };
}

/** The same where a source that is idle has nothing to tell, so that no datum means 0. */
export async function newestMaximum(client: CloudWatchClient, metric: MetricName, now: number): Promise<number> {
  return (await newestDatum(client, metric, now))?.value ?? 0;
}
