/**
 * Lambda `run-jobs`, invoked by the queue of parts: works on a part of a job for a slice of time, and sends it on.
 * Wires only.
 */
import { setTimeout as pause } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FILE_LIMITS, FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { ExportFiles } from "../../core/aws/export-files.ts";
import { EvidenceStore } from "../../core/aws/evidence-store.ts";
import { EventsTopic } from "../../core/aws/events-topic.ts";
import { ImportFiles } from "../../core/aws/import-files.ts";
import { listJobs } from "../../core/aws/list-jobs.ts";
import { JournalFiles } from "../../core/aws/journal-files.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { sendJobParts } from "../../core/aws/job-parts-queue.ts";
import { JobStore } from "../../core/aws/job-store.ts";
import { takeJobTokens } from "../../core/aws/job-tokens.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { MessageQueue } from "../../core/aws/message-queue.ts";
import { noteElsewhere } from "../../core/aws/note-elsewhere.ts";
import { queueBacklog } from "../../core/aws/queue-backlog.ts";
import { ResultFiles } from "../../core/aws/result-files.ts";
import { scanRows } from "../../core/aws/scan-rows.ts";
import { traced } from "../../core/aws/tracing.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { UnknownElsewhere } from "../../core/aws/unknown-elsewhere.ts";
import { AddressGuard } from "../../core/delivery/address-guard.ts";
import { Intake } from "../../core/intake/intake.ts";
import { IntakeMerchants } from "../../core/intake/intake-merchants.ts";
import type { Job } from "../../core/jobs/job.ts";
import { ManifestLines } from "../../core/aws/manifest-lines.ts";
import { shardPage } from "../../core/aws/stream-pages.ts";
import { SurveyStore } from "../../core/aws/survey-store.ts";
import { TimeToLive } from "../../core/aws/time-to-live.ts";
import { runJobsEnvironment } from "./environment.ts";
import { exportWork, saidOfExport } from "./export/export-work.ts";
import { handlePart } from "./frame/handle-part.ts";
import { restoreWork, saidOfRestore } from "./restore/restore-work.ts";
import { importWork, saidOfImport } from "./import/import-work.ts";
import { Pace } from "./redelivery/pace.ts";
import { redeliveryWork, saidOf } from "./redelivery/redelivery-work.ts";
import { Surroundings } from "./redelivery/surroundings.ts";
import { resyncWork, saidOfResync } from "./resync/resync-work.ts";

/** Messages of imports that live traffic may find before it: what the worker takes in two or three seconds. */
const MOST_WAITING_OF_IMPORTS = 5000;
/** Among which one is looked for that followed another one. */
const NEWEST_RESTORES = 20;
const SAID_OF = {
  redelivery: saidOf,
  resync: saidOfResync,
  import: saidOfImport,
  export: saidOfExport,
  restore: saidOfRestore,
} as const;

const env = runJobsEnvironment.read();
const logger = pipelineLogger();
const invocation = new Invocation();
const limits = { ...FUNCTION_LIMITS, leftMs: invocation.leftMs };
const dynamodb = traced(boundedClient(DynamoDBClient, limits));
const sqs = traced(boundedClient(SQSClient, limits));
const now = Date.now;
const store = new JobStore(dynamodb, env.jobsTable, now);
const take = (...asked: [jobId: string, count: number, ratePerSecond: number]) =>
  takeJobTokens({ client: dynamodb, table: env.jobsTable, now }, ...asked);
const pace = new Pace({ take, backlog: () => queueBacklog(sqs, env.confirmationsQueueUrl), now });
const table = new TransactionsTable(dynamodb, env.transactionsTable);
const redelivery = redeliveryWork({
  ...env,
  client: dynamodb,
  table,
  senders: {
    confirmations: new MessageQueue(sqs, env.confirmationsQueueUrl),
    ordered: new MessageQueue(sqs, env.orderedQueueUrl),
    order: env.order,
  },
  surroundings: new Surroundings(dynamodb, env.merchantsTable, store, now),
  allow: pace.allow,
  now,
});
// It reads and publishes: the queue of confirmations has no part in it.
const resync = resyncWork({
  scan: (place) => scanRows(dynamodb, env.transactionsTable, place),
  table,
  topic: new EventsTopic(traced(boundedClient(SNSClient, limits)), env.eventsTopicArn),
  source: env.eventsSource,
  isOff: env.eventsTopicArn === "",
  allow: ({ jobId, asked }, count) => take(jobId, count, asked.ratePerSecond),
  now,
});
const importPace = new Pace({
  take,
  backlog: () => queueBacklog(sqs, env.confirmationsQueueUrl),
  now,
  mostWaiting: MOST_WAITING_OF_IMPORTS,
});
const intake = new Intake({
  table,
  merchants: new IntakeMerchants({ client: dynamodb, merchantsTable: env.merchantsTable, nowMs: now }),
  guard: AddressGuard.of(env),
  maxBodyBytes: env.maxBodyBytes,
  rowKeys: env,
  nowMs: now,
});
const s3 = traced(boundedClient(S3Client, { ...FILE_LIMITS, leftMs: invocation.leftMs }));
const unknownElsewhere = new UnknownElsewhere(dynamodb, env.jobsTable);
const imports = importWork({
  files: new ImportFiles(s3, env.importsBucket),
  results: new ResultFiles(s3, env.importsBucket),
  intake,
  read: (transactionIds) => table.read(transactionIds),
  noteElsewhere: (said, by) =>
    noteElsewhere(said, by, {
      table,
      settledDays: env.settledDays,
      nowMs: now,
      warn: (message, details) => logger.warn(message, details),
    }),
  noteUnknown: (merchantId, ones) => unknownElsewhere.note(merchantId, ones, now()),
  // A block is begun as a whole: one token, of as many a second as there are such blocks in the rate.
  allow: async ({ jobId, asked }, rows) =>
    !(await importPace.isBehind()) && (await take(jobId, 1, asked.ratePerSecond / rows)) === 1,
  now,
});
// It reads and writes files: the queue of confirmations has no part in it.
const exports = exportWork({
  client: dynamodb,
  table,
  merchantShards: env.merchantShards,
  files: new ExportFiles(s3, env.importsBucket),
  allow: ({ jobId, asked }, count) => take(jobId, count, asked.ratePerSecond),
  now,
  pause,
});
const streams = traced(boundedClient(DynamoDBStreamsClient, limits));
const restore = restoreWork({
  dynamodb,
  streams,
  transactionsTable: env.transactionsTable,
  table,
  store,
  evidence: new EvidenceStore(dynamodb, env.jobsTable, now),
  surveys: new SurveyStore(dynamodb, env.jobsTable, now),
  timeToLive: new TimeToLive(dynamodb, env.transactionsTable),
  newest: async () => (await listJobs(dynamodb, store, "restore", NEWEST_RESTORES, undefined)).jobs,
  scan: (name, place) => scanRows(dynamodb, name, place),
  shardPage: (streamArn, shardId, after) => shardPage(streams, { streamArn, shardId, after }, pause),
  journal: new JournalFiles(s3, env.manifestsBucket),
  manifests: new ManifestLines(s3, env.manifestsBucket),
  settledDays: env.settledDays,
  rowKeys: env,
  // What it writes is what the table lacks: live traffic is paused, or waits for it.
  allow: ({ jobId, asked }, count) => take(jobId, count, asked.ratePerSecond),
  now,
  warn: (message, details) => logger.warn(message, details),
});
const parts = {
  store,
  works: { redelivery, resync, import: imports, export: exports, restore },
  send: (...[ids, afterMs]: Parameters<Parameters<typeof handlePart>[1]["send"]>) =>
    sendJobParts(sqs, env.jobPartsQueueUrl, ids, afterMs),
  now,
  pause,
  leftMs: invocation.leftMs,
  log: (message: string, details: Readonly<Record<string, unknown>>) => logger.info(message, details),
  warn: (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, details),
  saidOf: (job: Job) => SAID_OF[job.kind](job),
};

export async function handler(event: SQSEvent, context: Context): Promise<void> {
  logger.addContext(context);
  invocation.begin(context);
  for (const { body } of event.Records) await handlePart(body, parts);
}
