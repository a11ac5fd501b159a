/**
 * `signing-keys`, behind `GET /merchants/{merchantId}/jwks.json`: only wires. Logs statuses and reasons, never keys.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { WAITED_FOR_LIMITS } from "../../core/aws/call-limits.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { registeredMerchants } from "../../core/aws/registered-merchants.ts";
import { traced } from "../../core/aws/tracing.ts";
import { signingKeysEnvironment } from "./environment.ts";
import { publishKeys } from "./publish-keys.ts";

/** Shorter than workers keep a merchant: a new key is rarely used before it is published here. */
const MERCHANT_KEPT_MS = 5000;

const env = signingKeysEnvironment.read();
const logger = pipelineLogger();
const invocation = new Invocation();
const limits = { ...WAITED_FOR_LIMITS, leftMs: invocation.leftMs };
const merchantOf = registeredMerchants({
  dynamodb: traced(boundedClient(DynamoDBClient, limits)),
  secretsManager: traced(boundedClient(SecretsManagerClient, limits)),
  merchantsTable: env.merchantsTable,
  masterKeysSecretArn: env.masterKeysSecretArn,
  merchantKeptMs: MERCHANT_KEPT_MS,
  nowMs: Date.now,
  schemes: ["v1a"],
});

export async function handler(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
  logger.addContext(context);
  invocation.begin(context);
  const { status, headers, body, reason } = await publishKeys(
    event.pathParameters?.["merchantId"] ?? "",
    merchantOf,
    Date.now(),
  );
  if (status === 500) logger.error("signing keys not published", { status, reason });
  else logger.info("signing keys asked for", { status });
  return { statusCode: status, headers: { ...headers }, body: JSON.stringify(body) };
}
