/** Lambda `import-transactions`, invoked when a file was uploaded to the bucket of imports: only wires. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, S3ObjectCreatedNotificationEvent } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FILE_LIMITS, FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { ImportFiles } from "../../core/aws/import-files.ts";
import { beginImport, readImport } from "../../core/aws/import-rows.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { sendJobParts } from "../../core/aws/job-parts-queue.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { OpenJobs } from "../../core/aws/open-jobs.ts";
import { traced } from "../../core/aws/tracing.ts";
import { importTransactionsEnvironment } from "./environment.ts";
import { fileArrived } from "./file-arrived.ts";

const env = importTransactionsEnvironment.read();
const logger = pipelineLogger();
const invocation = new Invocation();
const limits = { ...FUNCTION_LIMITS, leftMs: invocation.leftMs };
const dynamodb = traced(boundedClient(DynamoDBClient, limits));
const sqs = traced(boundedClient(SQSClient, limits));
const s3 = traced(boundedClient(S3Client, { ...FILE_LIMITS, leftMs: invocation.leftMs }));
const openJobs = new OpenJobs(dynamodb, env.jobsTable);
const parts = {
  files: new ImportFiles(s3, env.importsBucket),
  read: (jobId: string) => readImport(dynamodb, env.jobsTable, jobId),
  note: (jobId: string, now: number) => openJobs.note(jobId, now),
  begin: (job: Parameters<typeof beginImport>[2]) => beginImport(dynamodb, env.jobsTable, job),
  send: (ids: Parameters<typeof sendJobParts>[2]) => sendJobParts(sqs, env.jobPartsQueueUrl, ids, 0),
  now: Date.now,
  log: (message: string, details: Readonly<Record<string, unknown>>) => logger.info(message, details),
  warn: (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, details),
};

export async function handler(event: S3ObjectCreatedNotificationEvent, context: Context): Promise<void> {
  logger.addContext(context);
  invocation.begin(context);
  const { key, size, etag, "version-id": versionId } = event.detail.object;
  await fileArrived({ key, size, etag, versionId }, parts);
}
