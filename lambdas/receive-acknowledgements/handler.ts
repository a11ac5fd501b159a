/**
 * `receive-acknowledgements`, behind `POST /acknowledgements`: only wires. Logs ids and codes, never bodies or secrets.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { WAITED_FOR_LIMITS } from "../../core/aws/call-limits.ts";
import { ImportedSecrets } from "../../core/aws/imported-secrets.ts";
import { ConfirmingCounts } from "../../core/aws/confirming-counts.ts";
import { countAcknowledged } from "../../core/aws/count-acknowledged.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { programJournal } from "../../core/aws/program-journal.ts";
import { recordAcknowledgement } from "../../core/aws/record-acknowledgement.ts";
import { registeredMerchants } from "../../core/aws/registered-merchants.ts";
import { traced } from "../../core/aws/tracing.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { campaignCounts } from "../../core/campaigns/campaign-counts.ts";
import { publishCampaigns } from "../../core/campaigns/publish-campaigns.ts";
import { errorFields } from "../../core/errors/error-fields.ts";
import { isDeleted } from "../../core/merchant/tombstone.ts";
import { FUNCTION_NAMES, METRICS } from "../../core/settings/names.ts";
import { receiveAcknowledgementsEnvironment } from "./environment.ts";
import { receiveAcknowledgement } from "./receive-acknowledgement.ts";
import { refusal, refused } from "./response.ts";

/** Shorter than an overlap of keys: what a merchant signs with is known within seconds. */
const MERCHANT_KEPT_MS = 5000;

const env = receiveAcknowledgementsEnvironment.read();
const logger = pipelineLogger();
const info = (message: string, details: Readonly<Record<string, unknown>>) => logger.info(message, details);
const metrics = new ProgramMetrics(env.publishedMetrics, info);
const confirmed = new ConfirmingCounts(env.publishedMetrics, info, FUNCTION_NAMES.receiveAcknowledgements);
const invocation = new Invocation();
const limits = { ...WAITED_FOR_LIMITS, leftMs: invocation.leftMs };
const dynamodb = traced(boundedClient(DynamoDBClient, limits));
const secrets = new ImportedSecrets({
  kms: traced(boundedClient(KMSClient, limits)),
  keyArn: env.importedSecretsKeyArn,
  nowMs: Date.now,
});
const merchantOf = registeredMerchants({
  dynamodb,
  secretsManager: traced(boundedClient(SecretsManagerClient, limits)),
  merchantsTable: env.merchantsTable,
  masterKeysSecretArn: env.masterKeysSecretArn,
  merchantKeptMs: MERCHANT_KEPT_MS,
  nowMs: Date.now,
  schemes: ["v1"],
  openSecret: secrets.open,
  isForgotten: isDeleted,
});
const campaigns = campaignCounts(env.campaigns);
const count = (metric: string, by = 1) => metrics.addMetric(metric, MetricUnit.Count, by);
const journal = programJournal({
  env: env.journal,
  leftMs: invocation.leftMs,
  pause: sleep,
  now: Date.now,
  elapsedMs: Date.now,
  count,
  warn: (message, details) => logger.warn(message, details),
});
const table = new TransactionsTable(dynamodb, env.transactionsTable);
const parts = { table, settledDays: env.settledDays, journal, nowMs: Date.now, pause: sleep };
const record = countAcknowledged({
  record: (given) => recordAcknowledgement(parts, given),
  isSandbox: async (merchantId = "") => {
    const lookup = await merchantOf(merchantId).catch(() => undefined);
    return lookup?.kind === "registered" && lookup.isSandbox === true;
  },
  count: (metric) => confirmed.count(metric),
  campaigns,
});
const UNAVAILABLE = refused(refusal("ACKNOWLEDGEMENT_UNAVAILABLE", "a table that cannot be used now", "it once more"));

export async function handler(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
  logger.addContext(context);
  invocation.begin(context);
  const body =
    event.isBase64Encoded && event.body !== null ? Buffer.from(event.body, "base64").toString("utf8") : event.body;
  try {
    const request = { headers: event.headers, body };
    const { kind, answer, facts } = await receiveAcknowledgement(request, { merchantOf, record, nowMs: Date.now });
    logger[kind === "refused" ? "warn" : "info"](`acknowledgement ${kind}`, { ...facts, status: answer.status });
    if (kind === "refused") count(METRICS.acknowledgementsRefused);
    return resultOf(answer);
  } catch (error) {
    logger.error("acknowledgement not recorded", { error: errorFields(error) });
    return resultOf(UNAVAILABLE);
  } finally {
    await journal?.settle();
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    confirmed.publish();
    publishCampaigns(campaigns, Date.now());
  }
}

function resultOf({ status, headers, body }: typeof UNAVAILABLE): APIGatewayProxyResult {
  return { statusCode: status, headers: { ...headers }, body: JSON.stringify(body) };
}
