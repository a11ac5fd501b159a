/**
 * Age of the oldest message in a queue, from CloudWatch, where SQS publishes it each minute. A queue that was idle for hours
 * publishes nothing, so no data means that nothing is old.
 */
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { newestMaximum } from "./newest-metric.ts";

/** @param queue its URL or name. @returns seconds; the newest value of the last minutes, 0 without one */
export async function oldestMessageAgeSeconds(client: CloudWatchClient, queue: string, now: number): Promise<number> {
  const QueueName = queue.slice(queue.lastIndexOf("/") + 1);
  const dimension = { Name: "QueueName", Value: QueueName };
  return newestMaximum(
    client,
    { id: "age", namespace: "AWS/SQS", name: "ApproximateAgeOfOldestMessage", dimension },
    now,
  );
}
