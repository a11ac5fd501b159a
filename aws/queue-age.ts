/**
 * Age of the oldest message in a queue, from CloudWatch, where SQS publishes it each minute. A queue that was idle for hours
 * publishes nothing, so no data means that nothing is old.
 */
import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";

const PERIOD_SECONDS = 60;
const LOOK_BACK_MS = 5 * 60_000;

/** @returns seconds; the newest value of the last minutes, 0 without one */
export async function oldestMessageAgeSeconds(
  client: CloudWatchClient,
  queueUrl: string,
  now: number,
): Promise<number> {
  const QueueName = queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
  const output = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - LOOK_BACK_MS),
      EndTime: new Date(now + PERIOD_SECONDS * 1000),
      ScanBy: "TimestampDescending",
      MetricDataQueries: [
        {
          Id: "age",
          MetricStat: {
            Metric: {
              Namespace: "AWS/SQS",
              MetricName: "ApproximateAgeOfOldestMessage",
              Dimensions: [{ Name: "QueueName", Value: QueueName }],
            },
            Period: PERIOD_SECONDS,
            Stat: "Maximum",
          },
        },
      ],
    }),
  );
  return output.MetricDataResults?.[0]?.Values?.[0] ?? 0;
}
