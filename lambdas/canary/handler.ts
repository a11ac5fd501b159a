/**
 * `canary`: each minute, or every few, writes one transaction, and says of an earlier one whether it was confirmed in
 * time. Neither waits for the other, so that a table that takes no more writes does not keep it from telling, nor the
 * other way round. Wires only.
 */
import { randomBytes } from "node:crypto";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { PRODUCER_LIMITS } from "../../core/aws/call-limits.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { currentTraceHeader, traced } from "../../core/aws/tracing.ts";
import { canaryId, judgedAtMs } from "../../core/merchant/canary.ts";
import { METRICS } from "../../core/settings/names.ts";
import { canaryEnvironment } from "./environment.ts";
import { type CanaryVerdict, judgeCanary } from "./judge-canary.ts";
import { canaryWriter } from "./write-canary.ts";
import { logError } from "../../core/telemetry/log-error.ts";

const env = canaryEnvironment.read();
const logger = pipelineLogger();
const metrics = new ProgramMetrics(env.publishedMetrics, (message, details) => logger.info(message, details));
const invocation = new Invocation();
const client = traced(boundedClient(DynamoDBClient, { ...PRODUCER_LIMITS, leftMs: invocation.leftMs }));
const write = canaryWriter({ ...env, client, randomBytes, nowMs: Date.now, traceHeader: currentTraceHeader });

export interface CanaryResult {
  readonly written: string;
  readonly judged: string;
  readonly verdict: CanaryVerdict;
}

export async function handler(event: { readonly time?: string } | undefined, context: Context): Promise<CanaryResult> {
  logger.addContext(context);
  invocation.begin(context);
  // The schedule's own time: a run that comes late, or twice, is still that of its minute.
  const scheduledMs = Date.parse(event?.time ?? "");
  const minuteMs = Number.isNaN(scheduledMs) ? Date.now() : scheduledMs;
  const judged = canaryId(judgedAtMs(minuteMs, env.withinSeconds, env.everyMinutes));
  const [judgement, writing] = await Promise.allSettled([judge(judged), write(minuteMs)]);
  if (judgement.status === "fulfilled") tell(judged, judgement.value);
  if (writing.status === "rejected")
    logError((text, details) => logger.error(text, details), "canary not written", writing.reason);
  if (judgement.status === "rejected") throw judgement.reason;
  if (writing.status === "rejected") throw writing.reason;
  return { written: canaryId(minuteMs), judged, verdict: judgement.value };
}

async function judge(transactionId: string): Promise<CanaryVerdict> {
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: env.transactionsTable,
      Key: { transactionId: { S: transactionId } },
      ConsistentRead: true,
    }),
  );
  return judgeCanary(Item, env.withinSeconds);
}

function tell(transactionId: string, verdict: CanaryVerdict): void {
  const isGood = verdict.kind === "confirmed" && verdict.isInTime;
  logger[isGood ? "info" : "warn"](isGood ? "canary confirmed" : "canary not confirmed in time", {
    transactionId,
    ...verdict,
  });
  if (verdict.kind === "not written") return;
  metrics.addMetric(METRICS.canaryConfirmed, MetricUnit.Count, isGood ? 1 : 0);
  if (verdict.kind === "confirmed")
    metrics.addMetric(METRICS.canaryLatency, MetricUnit.Milliseconds, verdict.latencyMs);
  metrics.publishStoredMetrics();
}
