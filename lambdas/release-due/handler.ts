/**
 * Lambda `release-due`: runs each minute and looks every few seconds inside it. A look that fails (a throttled table) does not cost the rest
 * of the minute; the invocation fails only if its last one did. Wires only.
 */
import { setTimeout as pause } from "node:timers/promises";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { boundedClient } from "../../aws/bounded-client.ts";
import { FUNCTION_LIMITS, METRIC_LIMITS } from "../../aws/call-limits.ts";
import { dueTransactionIds } from "../../aws/due-rows.ts";
import { GatesTable } from "../../aws/gates-table.ts";
import { Invocation } from "../../aws/invocation.ts";
import { debugSteps, pipelineLogger } from "../../aws/logger.ts";
import { MerchantsTable } from "../../aws/merchants-table.ts";
import { messageCount } from "../../aws/message-count.ts";
import { MessageQueue } from "../../aws/message-queue.ts";
import { oldestMessageSentAt } from "../../aws/queue-age.ts";
import { traced } from "../../aws/tracing.ts";
import { TraceSender } from "../../aws/transaction-trace.ts";
import { TransactionsTable } from "../../aws/transactions-table.ts";
import { waitingGates } from "../../aws/waiting-gates.ts";
import { METRICS } from "../../core/names.ts";
import { readReleaseEnvironment } from "./environment.ts";
import { GoneBefore } from "./gone-before.ts";
import { releaseDue } from "./release.ts";
import type { ReleaseReason } from "./send-due.ts";

/** Milliseconds that one look may take; less left and the next invocation goes on. */
const LOOK_MARGIN_MS = 5000;
/** Published even if 0: what alarms calculate with must not be missing. */
const ALWAYS_PUBLISHED = [METRICS.released, METRICS.deadLetteredPipeline];
const NOTHING_RELEASED = { released: 0, isMoreDue: false };

const env = readReleaseEnvironment();
const logger = pipelineLogger();
const metrics = new Metrics();
const invocation = new Invocation();
const limits = { ...FUNCTION_LIMITS, leftMs: invocation.leftMs };
const dynamodb = traced(boundedClient(DynamoDBClient, limits));
const cloudwatch = traced(boundedClient(CloudWatchClient, { ...METRIC_LIMITS, leftMs: invocation.leftMs }));
const sqs = traced(boundedClient(SQSClient, limits));
const traces = new TraceSender();
const parts = {
  ...env,
  table: new TransactionsTable(dynamodb, env.transactionsTable),
  merchants: new MerchantsTable(dynamodb, env.merchantsTable),
  gates: new GatesTable(dynamodb, env.merchantGatesTable),
  waitingGates: () => waitingGates(dynamodb, env.merchantGatesTable),
  confirmations: new MessageQueue(sqs, env.confirmationsQueueUrl),
  ordered: new MessageQueue(sqs, env.orderedQueueUrl),
  deadLetters: new MessageQueue(sqs, env.deadLetterQueueUrl),
  dueIds: (dueKey: string, dueUntil: number, limit: number) =>
    dueTransactionIds(dynamodb, env.transactionsTable, dueKey, dueUntil, limit),
  goneBefore: goneBeforeOf(env.confirmationsQueueUrl),
  goneBeforeOrdered: goneBeforeOf(env.orderedQueueUrl),
  count: (metric: string, by: number) => {
    if (by > 0) metrics.addMetric(metric, MetricUnit.Count, by);
  },
  countReason: (reason: ReleaseReason, by: number) => {
    if (by > 0) metrics.singleMetric().addDimension("reason", reason).addMetric(METRICS.released, MetricUnit.Count, by);
  },
  debug: debugSteps(env.debugSamplePercent),
  warn: (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, details),
  traces,
  now: Date.now,
};

export async function handler(_event: unknown, context: Context): Promise<{ released: number }> {
  invocation.begin(context);
  let released = 0;
  let failed: unknown;
  for (let looks = 0; ; looks += 1) {
    let look = NOTHING_RELEASED;
    try {
      failed = undefined;
      look = await releaseDue(parts, looks === 0);
    } catch (error) {
      logger.error("a look for due rows failed", { error: String(error) });
      failed = error;
    }
    released += look.released;
    const restMs = look.isMoreDue ? 0 : env.everyMs;
    if (context.getRemainingTimeInMillis() < restMs + LOOK_MARGIN_MS) break;
    await pause(restMs);
  }
  for (const metric of ALWAYS_PUBLISHED) metrics.addMetric(metric, MetricUnit.Count, 0);
  metrics.publishStoredMetrics();
  await traces.flush();
  if (failed !== undefined) throw failed;
  return { released };
}

/** Kept from run to run: that a queue is empty takes longer to know than a run lasts. */
function goneBeforeOf(queueUrl: string): () => Promise<number> {
  return new GoneBefore({
    oldestSentAt: (signal) => oldestMessageSentAt(cloudwatch, queueUrl, Date.now(), signal),
    messageCount: (signal) => messageCount(sqs, queueUrl, signal),
    warn: (message, details) => logger.warn(message, { queueUrl, ...details }),
    now: Date.now,
  }).ask;
}
