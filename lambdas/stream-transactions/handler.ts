/** Lambda `stream-transactions`: from the table's stream to the queue. Wires only. */
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { FastPathService } from "../../core/aws/fast-path/fast-path-call.ts";
import { debugSteps, pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { MessageQueue } from "../../core/aws/message-queue.ts";
import { currentTraceHeader, traced } from "../../core/aws/tracing.ts";
import { TraceSender } from "../../core/aws/transaction-trace.ts";
import { MerchantsTable } from "../../core/aws/merchants-table.ts";
import { SandboxMerchants } from "../../core/aws/sandbox-merchants.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { campaignCounts } from "../../core/campaigns/campaign-counts.ts";
import { publishCampaigns } from "../../core/campaigns/publish-campaigns.ts";
import { Sampler } from "../../core/telemetry/sampler.ts";
import { METRICS } from "../../core/settings/names.ts";
import { streamTransactionsEnvironment } from "./environment.ts";
import type { StreamChange } from "./coalesce.ts";
import { processChanges } from "./process.ts";
import { TraceStart } from "./trace-start.ts";

const env = streamTransactionsEnvironment.read();
const logger = pipelineLogger();
const metrics = new ProgramMetrics(env.publishedMetrics, (message, details) => logger.info(message, details));
const invocation = new Invocation();
const limits = { ...FUNCTION_LIMITS, leftMs: invocation.leftMs };
const sqs = traced(boundedClient(SQSClient, limits));
const fellBack = () => metrics.addMetric(METRICS.leftToSdk, MetricUnit.Count, 1);
const toQueues = {
  call: new FastPathService({ service: "sqs", client: sqs, limits, fellBack, now: Date.now }).call,
  sending: (messages: number) => metrics.addMetric(METRICS.batchFill, MetricUnit.Count, messages),
};
const campaigns = campaignCounts(env.campaigns);
const traceSender = new TraceSender();
const warn = (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, details);
const dynamodb = traced(boundedClient(DynamoDBClient, limits));
const merchants = new MerchantsTable(dynamodb, env.merchantsTable);
const parts = {
  table: new TransactionsTable(dynamodb, env.transactionsTable),
  confirmations: new MessageQueue(sqs, env.confirmationsQueueUrl, toQueues),
  ordered: new MessageQueue(sqs, env.orderedQueueUrl, toQueues),
  deadLetters: new MessageQueue(sqs, env.deadLetterQueueUrl),
  sandboxMerchants: new SandboxMerchants({ merchants, warn, now: Date.now }),
  order: env.order,
  settledDays: env.settledDays,
  decide: env,
  count: (metric: string, by: number) => {
    if (by > 0) metrics.addMetric(metric, MetricUnit.Count, by);
  },
  campaigns,
  debug: debugSteps(env.debugSamplePercent),
  warn,
  now: Date.now,
  traces: new TraceStart({
    sampler: new Sampler(env.sampling),
    sender: traceSender,
    invocation: currentTraceHeader,
    now: Date.now,
  }),
};

export async function handler(event: DynamoDBStreamEvent, context?: Context): Promise<DynamoDBBatchResponse> {
  invocation.begin(context);
  const failed = await processChanges(changesOf(event), parts);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  publishCampaigns(campaigns, Date.now());
  await traceSender.flush();
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Removals owe nothing. */
function changesOf(event: DynamoDBStreamEvent): StreamChange[] {
  return event.Records.flatMap(({ dynamodb: change }) => {
    if (change?.NewImage === undefined || change.SequenceNumber === undefined) return [];
    const { NewImage, OldImage, SequenceNumber, ApproximateCreationDateTime: writtenAtSeconds } = change;
    return [
      {
        sequenceNumber: SequenceNumber,
        newImage: NewImage,
        ...(OldImage !== undefined && { oldImage: OldImage }),
        ...(writtenAtSeconds !== undefined && { writtenAt: Math.round(writtenAtSeconds * 1000) }),
      },
    ];
  });
}
