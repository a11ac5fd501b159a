/** What the routes of merchants and of templates work with. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { AuditLog } from "../../core/aws/audit-log.ts";
import { AuditedWrites } from "../../core/aws/audited-writes.ts";
import { CopiesTable } from "../../core/aws/copies-table.ts";
import { JobsTable } from "../../core/aws/jobs-table.ts";
import { ManifestFiles } from "../../core/aws/manifest-files.ts";
import { MerchantHealthActs } from "../../core/aws/merchant-health-acts.ts";
import { MerchantListeners } from "../../core/aws/merchant-listeners.ts";
import { MerchantRegistry } from "../../core/aws/merchant-registry.ts";
import { merchantsBeginning } from "../../core/aws/merchants-beginning.ts";
import { lastFailed, merchantWaits } from "../../core/aws/merchant-waits.ts";
import { presignedUrl } from "../../core/aws/presigned-url.ts";
import { unfinishedOf } from "../../core/aws/unfinished.ts";
import type { ChannelBounds } from "../../core/channels/channel-bounds.ts";
import { TemplateRegistry } from "../../core/aws/template-registry.ts";
import type { AddressGuard } from "../../core/delivery/address-guard.ts";
import type { SandboxLimits } from "../../core/merchant/sandbox-limits.ts";
import type { MerchantRoutesParts } from "./merchant-routes.ts";
import type { ErasureParts } from "./routes/erasures/erase-one.ts";
import type { TemplateRoutesParts } from "./routes/templates/template-routes.ts";

export interface MerchantPartsOptions {
  readonly client: DynamoDBClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly manifestsBucket: string;
  readonly jobsTable: string;
  readonly merchantCallsQueueUrl: string;
  readonly transactionsTable: string;
  readonly merchantsTable: string;
  readonly merchantGatesTable: string;
  readonly auditLogTable: string;
  readonly dueShards: number;
  readonly merchantShards: number;
  readonly settledDays: number;
  readonly manifestDays: number;
  readonly acknowledgeWithinSeconds: number;
  readonly maxAcknowledgeWithinSeconds: number;
  readonly sandbox: SandboxLimits;
  readonly switchAheadSeconds: number;
  readonly guard: AddressGuard;
  readonly channelBounds: ChannelBounds;
  readonly nowMs: () => number;
}

type MerchantParts = MerchantRoutesParts & TemplateRoutesParts & Pick<ErasureParts, "healthActs">;

export function merchantParts(options: MerchantPartsOptions): MerchantParts {
  const { client, sqs, merchantsTable, merchantGatesTable, auditLogTable, settledDays, manifestDays } = options;
  const { jobsTable, merchantCallsQueueUrl: QueueUrl } = options;
  const jobs = new JobsTable(client, jobsTable);
  const audited = new AuditedWrites(client, auditLogTable);
  return {
    audited,
    jobsTable,
    readJob: (jobId) => jobs.read(jobId),
    sendCall: (MessageBody) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })),
    registry: new MerchantRegistry(client, merchantsTable, audited),
    merchantsBeginning: (prefix, limit, after) => merchantsBeginning(client, merchantsTable, prefix, limit, after),
    templates: new TemplateRegistry(client, merchantsTable, audited),
    sandbox: options.sandbox,
    listeners: new MerchantListeners(client, merchantsTable),
    copies: new CopiesTable(() => client, jobsTable),
    healthActs: new MerchantHealthActs(client, merchantGatesTable, audited),
    auditLog: new AuditLog(client, auditLogTable),
    unfinished: (merchantId) => unfinishedOf(merchantId, options),
    waits: (merchantId) => merchantWaits(merchantId, options),
    failed: (merchantId) => lastFailed(merchantId, options),
    manifests: new ManifestFiles(options.s3, options.manifestsBucket),
    urlOf: (key, seconds) =>
      presignedUrl(options.s3, { bucket: options.manifestsBucket, key }, options.nowMs(), seconds),
    retention: { settledDays, manifestDays },
    acknowledgeBounds: {
      defaultSeconds: options.acknowledgeWithinSeconds,
      maxSeconds: options.maxAcknowledgeWithinSeconds,
    },
    switchAheadMs: options.switchAheadSeconds * 1000,
    guard: options.guard,
    channelBounds: options.channelBounds,
    nowMs: options.nowMs,
  };
}
