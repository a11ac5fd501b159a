/** Lambda `publish-events`: from the streams of transactions and of merchants' health to the topic. Wires only. */
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { SNSClient } from "@aws-sdk/client-sns";
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { EventsTopic } from "../../core/aws/events-topic.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { traced } from "../../core/aws/tracing.ts";
import { publishEventsEnvironment } from "./environment.ts";
import { publishChanges } from "./publish-changes.ts";
import { changesOf } from "./stream-changes.ts";

const env = publishEventsEnvironment.read();
const logger = pipelineLogger();
const metrics = new ProgramMetrics(env.publishedMetrics, (message, details) => logger.info(message, details));
const invocation = new Invocation();
const limits = { ...FUNCTION_LIMITS, leftMs: invocation.leftMs };
const parts = {
  topic: new EventsTopic(traced(boundedClient(SNSClient, limits)), env.eventsTopicArn),
  source: env.eventsSource,
  count: (metric: string, by: number) => {
    if (by > 0) metrics.addMetric(metric, MetricUnit.Count, by);
  },
  warn: (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, details),
};

export async function handler(event: DynamoDBStreamEvent, context?: Context): Promise<DynamoDBBatchResponse> {
  invocation.begin(context);
  const failed = await publishChanges(changesOf(event), parts);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
