/** `confirmations-api`, behind the routes below `/v1`: only wires. */
import { setTimeout as sleep } from "node:timers/promises";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { XRayClient } from "@aws-sdk/client-xray";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { lambdaHandler } from "../../core/api/lambda-handler.ts";
import { AuditedWrites } from "../../core/aws/audited-writes.ts";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FUNCTION_LIMITS, WAITED_FOR_LIMITS } from "../../core/aws/call-limits.ts";
import { FastPathService } from "../../core/aws/fast-path/fast-path-call.ts";
import { ConfirmingCounts } from "../../core/aws/confirming-counts.ts";
import { countAcknowledged } from "../../core/aws/count-acknowledged.ts";
import { EvidenceStore } from "../../core/aws/evidence-store.ts";
import { readImport } from "../../core/aws/import-rows.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { sendJobParts } from "../../core/aws/job-parts-queue.ts";
import { JobStore } from "../../core/aws/job-store.ts";
import { noteElsewhere } from "../../core/aws/note-elsewhere.ts";
import { OpenJobs } from "../../core/aws/open-jobs.ts";
import { type JobPlace, listJobs } from "../../core/aws/list-jobs.ts";
import { MerchantsTable } from "../../core/aws/merchants-table.ts";
import { MessageQueue } from "../../core/aws/message-queue.ts";
import { readCampaigns } from "../../core/aws/read-campaigns.ts";
import { programJournal } from "../../core/aws/program-journal.ts";
import { describeRestored } from "../../core/aws/restored-table.ts";
import { SurveyStore } from "../../core/aws/survey-store.ts";
import { recordAcknowledgement } from "../../core/aws/record-acknowledgement.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { SandboxMerchants } from "../../core/aws/sandbox-merchants.ts";
import { currentTraceHeader, traced } from "../../core/aws/tracing.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { campaignCounts } from "../../core/campaigns/campaign-counts.ts";
import type { CampaignRange } from "../../core/campaigns/campaign-range.ts";
import { publishCampaigns } from "../../core/campaigns/publish-campaigns.ts";
import { UnknownElsewhere } from "../../core/aws/unknown-elsewhere.ts";
import { AddressGuard } from "../../core/delivery/address-guard.ts";
import { Intake } from "../../core/intake/intake.ts";
import { IntakeMerchants } from "../../core/intake/intake-merchants.ts";
import type { PartId } from "../../core/jobs/part.ts";
import { channelBoundsEnvironment } from "../../core/settings/channel-bounds-environment.ts";
import { FUNCTION_NAMES, METRICS } from "../../core/settings/names.ts";
import { metricsEnvironment } from "../../core/telemetry/environment.ts";
import { parseTrace } from "../../core/telemetry/trace.ts";
import { confirmationsApi } from "./app.ts";
import { directQueue } from "./direct-queue.ts";
import { liveReading } from "./live-reading.ts";
import { confirmationsApiEnvironment } from "./environment.ts";
import { merchantParts } from "./merchant-parts.ts";

const env = confirmationsApiEnvironment.read();
const logger = pipelineLogger();
const metrics = new ProgramMetrics(env.publishedMetrics, (message, details) => logger.info(message, details));
/** One metric for either way: each further one in an alarm is paid for by the month. */
const acknowledged = new ConfirmingCounts(
  env.publishedMetrics,
  (message, details) => logger.info(message, details),
  FUNCTION_NAMES.receiveAcknowledgements,
);
const invocation = new Invocation();
const limits = { ...WAITED_FOR_LIMITS, leftMs: invocation.leftMs };
const dynamodb = traced(boundedClient(DynamoDBClient, limits));
const s3 = traced(boundedClient(S3Client, limits));
const sqs = traced(boundedClient(SQSClient, limits));
const xray = traced(boundedClient(XRayClient, limits));
const fellBack = () => metrics.addMetric(METRICS.leftToSdk, MetricUnit.Count, 1);
const toTable = new FastPathService({ service: "dynamodb", client: dynamodb, limits, fellBack, now: Date.now }).call;
const toQueue = { call: new FastPathService({ service: "sqs", client: sqs, limits, fellBack, now: Date.now }).call };

const table = new TransactionsTable(dynamodb, env.transactionsTable, toTable);
const merchants = new IntakeMerchants({
  client: dynamodb,
  call: toTable,
  merchantsTable: env.merchantsTable,
  nowMs: Date.now,
});
const confirmations = new MessageQueue(sqs, env.confirmationsQueueUrl, toQueue);
const guard = AddressGuard.of(env);
const intake = new Intake({
  table,
  merchants,
  guard,
  maxBodyBytes: env.maxBodyBytes,
  rowKeys: env,
  nowMs: Date.now,
  ...(env.enqueue === "direct" && {
    direct: directQueue({ confirmations, order: env.order }, (message, details) => logger.warn(message, details)),
  }),
});

const sandboxMerchants = new SandboxMerchants({
  merchants: new MerchantsTable(dynamodb, env.merchantsTable),
  warn: (message, details) => logger.warn(message, details),
  now: Date.now,
});

const campaigns = campaignCounts(env.campaigns);
let cloudWatch: CloudWatchClient | undefined;
/** Few ask for it: its client is made for the first of them. */
function readCampaignCounts(labels: readonly string[], range: CampaignRange) {
  cloudWatch ??= traced(boundedClient(CloudWatchClient, limits));
  return readCampaigns(cloudWatch, metricsEnvironment.read().namespace, labels, env.campaignChannels, range);
}

/** For the Live page; read for many at once, it may take a little longer. */
let liveCloudWatch: CloudWatchClient | undefined;
const readLive = liveReading({
  env,
  dynamodb,
  cloudWatch: () =>
    (liveCloudWatch ??= traced(boundedClient(CloudWatchClient, { ...FUNCTION_LIMITS, leftMs: invocation.leftMs }))),
  nowMs: Date.now,
  warn: (message, details) => logger.warn(message, details),
});

const journal = programJournal({
  env: env.journal,
  leftMs: invocation.leftMs,
  pause: sleep,
  now: Date.now,
  elapsedMs: Date.now,
  count: (metric, by = 1) => metrics.addMetric(metric, MetricUnit.Count, by),
  warn: (message, details) => logger.warn(message, details),
});
const jobStore = new JobStore(dynamodb, env.jobsTable, Date.now);
const openJobs = new OpenJobs(dynamodb, env.jobsTable);
const unknownElsewhere = new UnknownElsewhere(dynamodb, env.jobsTable);
const imports = {
  jobStore,
  openJobs,
  readImport: (jobId: string) => readImport(dynamodb, env.jobsTable, jobId),
  listImports: (limit: number, after: JobPlace | undefined) => listJobs(dynamodb, jobStore, "import", limit, after),
  sendParts: (ids: readonly PartId[], afterMs: number) => sendJobParts(sqs, env.jobPartsQueueUrl, ids, afterMs),
  audited: new AuditedWrites(dynamodb, env.auditLogTable),
  s3,
  importsBucket: env.importsBucket,
  maxImportBytes: env.maxImportBytes,
  nowMs: Date.now,
};
const exports = {
  ...imports,
  listExports: (limit: number, after: JobPlace | undefined) => listJobs(dynamodb, jobStore, "export", limit, after),
  keptDays: env.importsKeptDays,
};
const restores = {
  transactionsTable: env.transactionsTable,
  journalSeconds: env.journal.bucket === "" ? 0 : env.journal.everyMs / 1000,
  describeRestored: (name: string) => describeRestored(dynamodb, name),
  jobStore,
  surveys: new SurveyStore(dynamodb, env.jobsTable, Date.now),
  evidence: new EvidenceStore(dynamodb, env.jobsTable, Date.now),
  readRows: (transactionIds: readonly string[]) => table.read(transactionIds),
  openJobs,
  listRestores: (limit: number, after: JobPlace | undefined) => listJobs(dynamodb, jobStore, "restore", limit, after),
  sendParts: (ids: readonly PartId[], afterMs: number) => sendJobParts(sqs, env.jobPartsQueueUrl, ids, afterMs),
  audited: new AuditedWrites(dynamodb, env.auditLogTable),
  nowMs: Date.now,
};
const channelBounds = { ...channelBoundsEnvironment.read(), ownQueueUrl: env.confirmationsQueueUrl };
const app = confirmationsApi({
  ...merchantParts({ ...env, client: dynamodb, s3, sqs, guard, channelBounds, nowMs: Date.now }),
  logError: (message, details) => logger.error(message, details),
  intake,
  merchants,
  readRows: (transactionIds) => table.read(transactionIds),
  read: async (transactionId) => (await table.read([transactionId])).get(transactionId),
  raising: { client: dynamodb, table: env.transactionsTable, rowKeys: env, nowMs: Date.now },
  acknowledge: countAcknowledged({
    record: (given) =>
      recordAcknowledgement({ table, settledDays: env.settledDays, journal, nowMs: Date.now, pause: sleep }, given),
    isSandbox: (merchantId) => sandboxMerchants.isOne(merchantId),
    count: (metric) => acknowledged.count(metric),
    campaigns,
  }),
  noteElsewhere: (said, by) =>
    noteElsewhere(said, by, {
      table,
      settledDays: env.settledDays,
      nowMs: Date.now,
      warn: (message, details) => logger.warn(message, details),
    }),
  noteUnknown: (merchantId, ones) => unknownElsewhere.note(merchantId, ones, Date.now()),
  unknownOf: (merchantId) => unknownElsewhere.of(merchantId),
  jobStore,
  openJobs,
  imports,
  exports,
  restores,
  listRedeliveries: (limit, after) => listJobs(dynamodb, jobStore, "redelivery", limit, after),
  listResyncs: (limit, after) => listJobs(dynamodb, jobStore, "resync", limit, after),
  hasEvents: env.hasEvents,
  live: { read: readLive, keptMs: env.live.keptMs },
  campaigns: { labels: env.campaigns, channels: env.campaignChannels, read: readCampaignCounts },
  sendParts: (ids, afterMs) => sendJobParts(sqs, env.jobPartsQueueUrl, ids, afterMs),
  client: dynamodb,
  xray,
  table,
  merchantShards: env.merchantShards,
  nowMs: Date.now,
  traceHeader: sampledTraceHeader,
});
const answer = lambdaHandler(app);

export async function handler(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
  logger.addContext(context);
  invocation.begin(context);
  const result = await answer(event, context);
  await journal?.settle();
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  acknowledged.publish();
  publishCampaigns(campaigns, Date.now());
  return result;
}

/**
 * The transaction goes on with the trace of its request, where that is sampled. A request that is not says nothing
 * about the transaction, of which the stream decides.
 */
function sampledTraceHeader(): string | undefined {
  const header = currentTraceHeader();
  return parseTrace(header)?.isSampled === true ? header : undefined;
}
