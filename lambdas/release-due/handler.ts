/**
 * Lambda `release-due`: runs each minute, in so many parts side by side as the release rate needs, and looks every few
 * seconds inside it (`run.ts`). Wires only.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FUNCTION_LIMITS, METRIC_LIMITS } from "../../core/aws/call-limits.ts";
import { sendJobParts } from "../../core/aws/job-parts-queue.ts";
import { JobStore } from "../../core/aws/job-store.ts";
import { OpenJobs } from "../../core/aws/open-jobs.ts";
import { ClaimJournal } from "../../core/aws/claim-journal.ts";
import { dueTransactionIds } from "../../core/aws/due-rows.ts";
import { MerchantHealthTable } from "../../core/aws/merchant-health-table.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { debugSteps, pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { MerchantsTable } from "../../core/aws/merchants-table.ts";
import { messageCount } from "../../core/aws/message-count.ts";
import { MessageQueue } from "../../core/aws/message-queue.ts";
import { oldestMessageSentAt } from "../../core/aws/queue-age.ts";
import { FastPathService } from "../../core/aws/fast-path/fast-path-call.ts";
import { ReleaseLeases } from "../../core/aws/release-leases.ts";
import { traced } from "../../core/aws/tracing.ts";
import { TraceSender } from "../../core/aws/transaction-trace.ts";
import { SandboxMerchants } from "../../core/aws/sandbox-merchants.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { waitingMerchants } from "../../core/aws/waiting-merchants.ts";
import { campaignCounts } from "../../core/campaigns/campaign-counts.ts";
import { publishCampaigns } from "../../core/campaigns/publish-campaigns.ts";
import { METRICS } from "../../core/settings/names.ts";
import { releaseDueEnvironment } from "./environment.ts";
import { GoneBefore } from "./gone-before.ts";
import { putBackParts } from "./jobs/put-back-parts.ts";
import { DoubtfulClaims } from "./leases/doubtful-claims.ts";
import { HeldLeases } from "./leases/held-leases.ts";
import { OwnJournal } from "./leases/own-journal.ts";
import { LOOK_SIZES } from "./look/look-scope.ts";
import { releaseDue } from "./look/look.ts";
import { partOf } from "./request.ts";
import { restoreClaims } from "./leases/restore-claims.ts";
import { type Remembered, run } from "./run.ts";
import type { RequeueReason } from "./rows/send-due.ts";
import { logError } from "../../core/telemetry/log-error.ts";

/** Published even if 0: what alarms calculate with must not be missing. */
const ALWAYS_PUBLISHED = [METRICS.released, METRICS.deadLetteredPipeline];

const env = releaseDueEnvironment.read();
const logger = pipelineLogger();
const metrics = new ProgramMetrics(env.publishedMetrics, (message, details) => logger.info(message, details));
const invocation = new Invocation();
const limits = { ...FUNCTION_LIMITS, leftMs: invocation.leftMs };
const dynamodb = traced(boundedClient(DynamoDBClient, limits));
const cloudwatch = traced(boundedClient(CloudWatchClient, { ...METRIC_LIMITS, leftMs: invocation.leftMs }));
const sqs = traced(boundedClient(SQSClient, limits));
const traces = new TraceSender();
const fellBack = () => metrics.addMetric(METRICS.leftToSdk, MetricUnit.Count, 1);
const toTable = new FastPathService({ service: "dynamodb", client: dynamodb, limits, fellBack, now: Date.now }).call;
const toQueues = { call: new FastPathService({ service: "sqs", client: sqs, limits, fellBack, now: Date.now }).call };
const warn = (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, details);
const merchants = new MerchantsTable(dynamodb, env.merchantsTable);
const campaigns = campaignCounts(env.campaigns);
const parts = {
  ...env,
  campaigns,
  table: new TransactionsTable(dynamodb, env.transactionsTable, toTable),
  merchants,
  sandboxMerchants: new SandboxMerchants({ merchants, warn, now: Date.now }),
  healthTable: new MerchantHealthTable(dynamodb, env.merchantGatesTable),
  waitingMerchants: () => waitingMerchants(dynamodb, env.merchantGatesTable),
  confirmations: new MessageQueue(sqs, env.confirmationsQueueUrl, toQueues),
  ordered: new MessageQueue(sqs, env.orderedQueueUrl, toQueues),
  deadLetters: new MessageQueue(sqs, env.deadLetterQueueUrl),
  dueIds: (dueKey: string, dueUntil: number, limit: number, isLastFirst?: boolean) =>
    dueTransactionIds(dynamodb, env.transactionsTable, dueKey, dueUntil, limit, isLastFirst),
  goneBefore: goneBeforeOf(env.confirmationsQueueUrl),
  goneBeforeOrdered: goneBeforeOf(env.orderedQueueUrl),
  count: (metric: string, by: number) => {
    if (by > 0) metrics.addMetric(metric, MetricUnit.Count, by);
  },
  countReason: (reason: RequeueReason, by: number) => {
    if (by > 0) metrics.addPart(METRICS.released, "reason", reason, by);
  },
  debug: debugSteps(env.debugSamplePercent),
  warn,
  traces,
  now: Date.now,
};

/** Kept from run to run: a request may be carried out long after it was given up. */
const doubtful = new DoubtfulClaims(parts);
/** Kept from look to look: each rate that another execution notes is followed once. */
const followed = new Map<string, number>();
/** A cold start is taken for activity: nothing is known of the time before. */
const remembered: Remembered = { activeAt: Date.now(), looks: 0 };
const journal = new ClaimJournal(dynamodb, env.merchantGatesTable);
const leases = new ReleaseLeases(dynamodb, env.merchantGatesTable);

export async function handler(event: unknown, context: Context): Promise<{ released: number }> {
  invocation.begin(context);
  const { part, parts: ofParts } = partOf(event);
  const holder = `${part}-${randomUUID()}`;
  const ofRun = {
    ...parts,
    followed,
    doubtful,
    pace: (ms: number) => pause(ms),
    journal: new OwnJournal(journal, holder),
  };
  // Beside the looks, which owe more than jobs do.
  const jobs = part === 0 ? lookAfterJobs() : undefined;
  const restore = (lost: string) => restoreClaims(lost, { ...parts, journal, lanes: LOOK_SIZES.lanes });
  const running = run(
    {
      ...parts,
      look: (isFirstLook, scope) => releaseDue(ofRun, isFirstLook, scope),
      leases: new HeldLeases({ ...parts, leases, part, parts: ofParts, holder, restore }),
      publish,
      parts: ofParts,
      ratePerSecond: env.maxReleaseRate,
      remainingMs: () => context.getRemainingTimeInMillis(),
      pause: (ms, signal) => pause(ms, undefined, signal === undefined ? {} : { signal }),
      failed: (error) => logError((text, details) => logger.error(text, details), "a look for due rows failed", error),
    },
    remembered,
  );
  await Promise.allSettled([running, jobs]);
  return running;
}

/** Where there is an API, which alone asks for jobs. */
async function lookAfterJobs(): Promise<void> {
  const { jobsTable, jobPartsQueueUrl } = env;
  if (jobsTable === "") return;
  try {
    await putBackParts({
      open: new OpenJobs(dynamodb, jobsTable),
      store: new JobStore(dynamodb, jobsTable, Date.now),
      send: (ids, afterMs) => sendJobParts(sqs, jobPartsQueueUrl, ids, afterMs),
      warn: parts.warn,
      now: Date.now,
    });
  } catch (error) {
    logError((text, details) => logger.error(text, details), "a look for parts of jobs that stand still failed", error);
  }
}

/** A run that is ended has told what its looks did before. */
async function publish(): Promise<void> {
  for (const metric of ALWAYS_PUBLISHED) metrics.addMetric(metric, MetricUnit.Count, 0);
  metrics.publishStoredMetrics();
  publishCampaigns(campaigns, Date.now());
  await traces.flush();
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
