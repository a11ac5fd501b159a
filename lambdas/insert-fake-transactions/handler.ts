/**
 * `insert-fake-transactions` (row by row, at a chosen rate): only wires. Invoke it by hand with
 * `{"ratePerSecond":100,"count":1000,"merchants":10,"badShare":0.01,"secondVersionShare":0.1,"orderedShare":0.05}`.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { PRODUCER_LIMITS } from "../../core/aws/call-limits.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { currentTraceHeader } from "../../core/aws/tracing.ts";
import { TraceSender } from "../../core/aws/transaction-trace.ts";
import { METRICS } from "../../core/settings/names.ts";
import { Sampler } from "../../core/telemetry/sampler.ts";
import { insertFakeTransactionsEnvironment } from "./environment.ts";
import { insertFakeTransactions, type InsertResult } from "./insert.ts";
import { ProducerTraces } from "./producer-traces.ts";
import { parseRequest } from "./request.ts";

const env = insertFakeTransactionsEnvironment.read();
const logger = pipelineLogger();
const metrics = new ProgramMetrics(env.publishedMetrics, (message, details) => logger.info(message, details));
/** Not in the trace of the invocation: that would have a step for each of thousands of puts. */
const invocation = new Invocation();
const client = boundedClient(DynamoDBClient, { ...PRODUCER_LIMITS, leftMs: invocation.leftMs });
const traceSender = new TraceSender();
const traces = new ProducerTraces({
  sampler: new Sampler(env.sampling),
  sender: traceSender,
  invocation: currentTraceHeader,
  now: Date.now,
});

export async function handler(event: unknown, context: Context): Promise<InsertResult> {
  logger.addContext(context);
  invocation.begin(context);
  const result = await insertFakeTransactions(parseRequest(event), {
    client,
    configuration: env,
    nowMs: Date.now,
    sleep,
    random: Math.random,
    randomBytes,
    remainingMs: () => context.getRemainingTimeInMillis(),
    traces,
  });
  await traceSender.flush();
  logger.info("fake transactions inserted", { ...result });
  metrics.addMetric(METRICS.fakeInserted, MetricUnit.Count, result.inserted);
  metrics.publishStoredMetrics();
  return result;
}
