/**
 * Age of the oldest message in a queue, from CloudWatch, where SQS publishes it each minute and one to two minutes
 * late. A queue that was idle for hours publishes nothing. Messages that were received and not deleted are left out.
 */
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { type MetricName, newestDatum, newestMaximum } from "./newest-metric.ts";

/** @param queue its URL or name. @returns seconds; the newest value of the last minutes, 0 without one */
export async function oldestMessageAgeSeconds(client: CloudWatchClient, queue: string, now: number): Promise<number> {
  return newestMaximum(client, ageOf(queue), now);
}

/**
 * When the oldest message was sent at the earliest: as of the datum, so that a late one is as right as one that is not.
 *
 * @param queue its URL or name. @returns epoch milliseconds; undefined without a datum, which says nothing
 */
export async function oldestMessageSentAt(
  client: CloudWatchClient,
  queue: string,
  now: number,
  abortSignal?: AbortSignal,
): Promise<number | undefined> {
  const datum = await newestDatum(client, ageOf(queue), now, abortSignal);
  return datum === undefined ? undefined : datum.at - datum.value * 1000;
}

function ageOf(queue: string): MetricName {
  const dimension = { Name: "QueueName", Value: queue.slice(queue.lastIndexOf("/") + 1) };
  return { id: "age", namespace: "AWS/SQS", name: "ApproximateAgeOfOldestMessage", dimension };
}
