/** Works on a part of any kind of run, with the clients and settings that its kind takes. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FILE_LIMITS, FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { putFile } from "../../core/aws/put-manifest-file.ts";
import { ManifestRecords } from "../../core/aws/manifest-records.ts";
import { merchantDayPage } from "../../core/aws/merchant-day.ts";
import { noteWaiting } from "../../core/aws/note-waiting.ts";
import { listMerchant } from "../../core/aws/list-merchant.ts";
import { nextMerchant } from "../../core/aws/next-merchant.ts";
import { MerchantsTable } from "../../core/aws/merchants-table.ts";
import { SandboxMerchants } from "../../core/aws/sandbox-merchants.ts";
import { oldestMessageAgeSeconds } from "../../core/aws/queue-age.ts";
import { registeredMerchants } from "../../core/aws/registered-merchants.ts";
import { type ScanPosition, scanPage } from "../../core/aws/scan-page.ts";
import { streamLagMs } from "../../core/aws/stream-lag.ts";
import { traced } from "../../core/aws/tracing.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import type { PartMessage, Run } from "../../core/audit/audit-run.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { duePartitions } from "../../core/transaction/row/due-partition.ts";
import type { AuditEnvironment } from "./environment.ts";
import { type ManifestsState, manifestsStep, NO_COUNTS } from "./manifests/manifests.ts";
import { type Work, type Worked, workPart, type WorkOptions } from "./runs/work-part.ts";
import { NO_TOTALS, sweepStep, type SweepState } from "./sweep/sweep.ts";
import type { Log } from "../../core/telemetry/log-error.ts";

export interface WorksOptions {
  readonly env: AuditEnvironment;
  readonly dynamodb: DynamoDBClient;
  /** Milliseconds that calls have left. */
  readonly leftMs: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly warn: Log;
}

/** Past its due time by two leases, a row that release-due looks at was left lying. */
const TOLERANCE_LEASES = 2;
/**
 * Half of what the mapping gives a record before it quarantines it; further behind, rows are not left to the stream any
 * more.
 */
const STREAM_TRUSTED_MS = 11 * 3_600_000;
/** About 11 MB. */
const LINES_PER_FILE = 50_000;
const MERCHANT_KEPT_MS = 60_000;

export function worksWith({ env, dynamodb, leftMs, pause, warn }: WorksOptions) {
  const { transactionsTable, merchantsTable, manifestsBucket, masterKeysSecretArn, leaseMs, settleMs } = env;
  const table = new TransactionsTable(dynamodb, transactionsTable);
  const cloudwatch = traced(boundedClient(CloudWatchClient, { ...FUNCTION_LIMITS, leftMs }));
  const s3 = traced(boundedClient(S3Client, { ...FILE_LIMITS, leftMs }));
  const merchants = new MerchantsTable(dynamodb, merchantsTable);
  const sandboxMerchants = new SandboxMerchants({ merchants, warn, now: Date.now });
  const records = new ManifestRecords(dynamodb, env.auditsTable);
  const partitionOf = duePartitions(env.dueShards, env.merchantShards);
  const keysOf = registeredMerchants({
    dynamodb,
    secretsManager: traced(boundedClient(SecretsManagerClient, { ...FUNCTION_LIMITS, leftMs })),
    merchantsTable,
    masterKeysSecretArn,
    merchantKeptMs: MERCHANT_KEPT_MS,
    nowMs: Date.now,
    schemes: ["v1a"],
  });

  // What cannot be measured fails the part: an audit that does not know must not say that nothing is lost.
  const queueAgeMs = async () => (await oldestMessageAgeSeconds(cloudwatch, env.confirmationsQueue, Date.now())) * 1000;
  const lagMs = () => streamLagMs(cloudwatch, env.streamTransactionsFunction, Date.now());

  const sweep = async (run: Run, segment: number, scanned: "table" | "index"): Promise<Work<SweepState>> => {
    const toleranceMs = TOLERANCE_LEASES * leaseMs;
    const lag = await lagMs();
    const judging = {
      dueShards: env.dueShards,
      merchantShards: env.merchantShards,
      partitionOf,
      leaseMs,
      toleranceMs,
      lostAfterMs: toleranceMs + env.everyMs,
      isQueueBehind: (await queueAgeMs()) > leaseMs,
      isStreamBehind: lag > settleMs && lag < STREAM_TRUSTED_MS,
    };
    const parts = {
      scanned,
      segment,
      segments: run.parts,
      table,
      judging,
      settleMs,
      sandboxMerchants,
      now: Date.now,
      pause,
      warn,
      noteWaiting: (merchantId: string) => noteWaiting(dynamodb, env.merchantGatesTable, merchantId, Date.now()),
      scan: (position: ScanPosition) => scanPage(dynamodb, transactionsTable, scanned, position),
    };
    return { initial: { totals: NO_TOTALS }, step: (state) => sweepStep(state, parts) };
  };

  const manifests = (run: Run, segment: number): Work<ManifestsState> => {
    const parts = {
      day: run.day ?? "",
      merchantShards: env.merchantShards,
      linesPerFile: LINES_PER_FILE,
      table,
      records,
      keysOf,
      warn,
      now: Date.now,
      put: (key: string, text: string) => putFile(s3, manifestsBucket, key, text),
      page: (merchantKey: string, limit: number, from: AttributeMap | undefined) =>
        merchantDayPage(dynamodb, transactionsTable, merchantKey, limit, from),
      listMerchant: (merchantId: string) => listMerchant(dynamodb, merchantsTable, merchantId),
      nextMerchant: (after: string | undefined) =>
        nextMerchant(dynamodb, merchantsTable, { segment, segments: run.parts }, after),
    };
    return { initial: { totals: NO_COUNTS }, step: (state) => manifestsStep(state, parts) };
  };

  return async (run: Run, message: PartMessage, options: WorkOptions): Promise<Worked> => {
    const { part } = message;
    if (run.kind === "manifests") return workPart(message, manifests(run, part), options);
    return workPart(message, await sweep(run, part, run.kind), options);
  };
}
