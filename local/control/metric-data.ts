/**
 * CloudWatch's `GetMetricData` for what can be measured here, the age of a queue's oldest message; other metrics have
 * no data points.
 */

/** @returns seconds, undefined when there is no such queue */
export type QueueAge = (queueName: string) => Promise<number | undefined>;

interface Query {
  readonly Id?: string;
  readonly MetricStat?: {
    readonly Metric?: {
      readonly Namespace?: string;
      readonly MetricName?: string;
      readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
    };
  };
}

export async function respondWithMetricData(
  request: Readonly<Record<string, unknown>>,
  queueAge: QueueAge,
): Promise<unknown> {
  const queries = (request["MetricDataQueries"] ?? []) as readonly Query[];
  const results = queries.map(async (query) => {
    const metric = query.MetricStat?.Metric;
    const queueName = metric?.Dimensions?.find(({ Name }) => Name === "QueueName")?.Value;
    const isAge =
      metric?.Namespace === "AWS/SQS" &&
      metric.MetricName === "ApproximateAgeOfOldestMessage" &&
      queueName !== undefined;
    const value = isAge ? await queueAge(queueName) : undefined;
    return {
      Id: query.Id,
      Label: metric?.MetricName ?? "",
      Timestamps: value === undefined ? [] : [Math.floor(Date.now() / 1000)],
      Values: value === undefined ? [] : [value],
      StatusCode: "Complete",
    };
  });
  return { MetricDataResults: await Promise.all(results), Messages: [] };
}
