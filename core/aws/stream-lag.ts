/**
 * How far a function is behind the stream that triggers it, from CloudWatch, where Lambda publishes the age of what it
 * hands over.
 */
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { newestMaximum } from "./newest-metric.ts";

/** @returns milliseconds; 0 when nothing was handed over for some minutes */
export async function streamLagMs(client: CloudWatchClient, functionName: string, now: number): Promise<number> {
  const dimension = { Name: "FunctionName", Value: functionName };
  return newestMaximum(client, { id: "lag", namespace: "AWS/Lambda", name: "IteratorAge", dimension }, now);
}
