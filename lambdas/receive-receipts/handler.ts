/**
 * Lambda `receive-receipts`, invoked by the queue of the topic to which SES, SMS and WhatsApp publish: records what
 * became of messages that they took. Wires only.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { MerchantsTable } from "../../core/aws/merchants-table.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { programJournal } from "../../core/aws/program-journal.ts";
import { recordReceipt } from "../../core/aws/record-receipt.ts";
import { SandboxMerchants } from "../../core/aws/sandbox-merchants.ts";
import { traced } from "../../core/aws/tracing.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { ConfirmingCounts } from "../../core/aws/confirming-counts.ts";
import { campaignCounts } from "../../core/campaigns/campaign-counts.ts";
import { publishCampaigns } from "../../core/campaigns/publish-campaigns.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { Receipt } from "../../core/transaction/row/told-step.ts";
import { type CountedReceipt, countReceipt } from "./count-receipts.ts";
import { receiveReceiptsEnvironment } from "./environment.ts";
import { receiveReceipts } from "./receive-receipts.ts";

const env = receiveReceiptsEnvironment.read();
const logger = pipelineLogger();
const info = (message: string, details: Readonly<Record<string, unknown>>) => logger.info(message, details);
const metrics = new ProgramMetrics(env.publishedMetrics, info);
const confirmed = new ConfirmingCounts(env.publishedMetrics, info, FUNCTION_NAMES.receiveReceipts);
const invocation = new Invocation();
const dynamodb = traced(boundedClient(DynamoDBClient, { ...FUNCTION_LIMITS, leftMs: invocation.leftMs }));
const table = new TransactionsTable(dynamodb, env.transactionsTable);
const warn = (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, details);
const merchants = new MerchantsTable(dynamodb, env.merchantsTable);
const sandboxMerchants = new SandboxMerchants({ merchants, warn, now: Date.now });
const campaigns = campaignCounts(env.campaigns);
const count = (metric: string, by = 1) => void metrics.addMetric(metric, MetricUnit.Count, by);
const journal = programJournal({
  env: env.journal,
  leftMs: invocation.leftMs,
  pause: sleep,
  now: Date.now,
  elapsedMs: Date.now,
  count,
  warn,
});
const recording = { table, settledDays: env.settledDays, journal, pause: sleep };
const counting = {
  count,
  countConfirmed: (metric: string) => confirmed.count(metric),
  countPart: (metric: string, dimension: string, part: string) => metrics.addPart(metric, dimension, part, 1),
  isSandbox: (merchantId: string | undefined) => sandboxMerchants.isOne(merchantId),
  campaigns,
};
const parts = {
  record: (receipt: Receipt) => recordReceipt(recording, receipt),
  count,
  counted: (receipt: CountedReceipt) => countReceipt(counting, receipt),
  info,
  warn,
  nowMs: Date.now,
};

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  logger.addContext(context);
  invocation.begin(context);
  const again = await receiveReceipts(event.Records, parts);
  await journal?.settle();
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  confirmed.publish();
  publishCampaigns(campaigns, Date.now());
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
}
