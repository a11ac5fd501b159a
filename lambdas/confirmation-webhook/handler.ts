/**
 * `confirmation-webhook`, the reference merchant behind `POST /confirmation`: only wires. Logs ids and codes, never
 * bodies, headers or secrets.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { WAITED_FOR_LIMITS } from "../../core/aws/call-limits.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { ImportedSecrets } from "../../core/aws/imported-secrets.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { registeredMerchants } from "../../core/aws/registered-merchants.ts";
import { traced } from "../../core/aws/tracing.ts";
import { METRICS } from "../../core/settings/names.ts";
import { confirmationWebhookEnvironment } from "./environment.ts";
import { receiveConfirmation, type Reception } from "./receive-confirmation.ts";
import { receivedConfirmations } from "./received-confirmations.ts";
import { slowSlots } from "./slow-slots.ts";

const METRIC_NAMES = {
  received: METRICS.referenceReceived,
  duplicate: METRICS.referenceDuplicate,
  redelivered: METRICS.referenceRedelivered,
  rejected: METRICS.referenceRejected,
  "failed on request": METRICS.referenceFailedOnRequest,
  challenged: undefined,
} as const satisfies Record<Reception["kind"], string | undefined>;

const MERCHANT_KEPT_MS = 60_000;

const env = confirmationWebhookEnvironment.read();
const logger = pipelineLogger();
const metrics = new ProgramMetrics(env.publishedMetrics, (message, details) => logger.info(message, details));
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
  openSecret: secrets.open,
});
const remember = receivedConfirmations(dynamodb, env.receivedTable);
const takeSlowSlot = slowSlots(dynamodb, env.receivedTable);

export async function handler(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
  logger.addContext(context);
  invocation.begin(context);
  const body =
    event.isBase64Encoded && event.body !== null ? Buffer.from(event.body, "base64").toString("utf8") : event.body;
  const {
    kind,
    answer: response,
    facts,
  } = await receiveConfirmation(
    { headers: event.headers, body, query: event.queryStringParameters },
    { merchantOf, remember, takeSlowSlot, nowMs: Date.now, random: Math.random, sleep },
  );
  logger[kind === "rejected" ? "warn" : "info"](`confirmation ${kind}`, { ...facts, status: response.status });
  const metric = METRIC_NAMES[kind];
  if (metric !== undefined) metrics.addMetric(metric, MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return {
    statusCode: response.status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(response.body),
  };
}
