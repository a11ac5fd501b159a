/** `merchant-secrets`, behind the routes of merchants' secrets: only wires. Logs ids and codes, never secrets. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { lambdaHandler } from "../../core/api/lambda-handler.ts";
import { AuditedWrites } from "../../core/aws/audited-writes.ts";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { WAITED_FOR_LIMITS } from "../../core/aws/call-limits.ts";
import { encryptSecret } from "../../core/aws/encrypt-secret.ts";
import { ImportedSecrets } from "../../core/aws/imported-secrets.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { masterKeysText } from "../../core/aws/master-keys-text.ts";
import { MerchantRegistry } from "../../core/aws/merchant-registry.ts";
import { traced } from "../../core/aws/tracing.ts";
import { LoadingCache } from "../../core/cache/loading-cache.ts";
import { AddressGuard } from "../../core/delivery/address-guard.ts";
import { parseMasterKeys } from "../../core/signing/signature.ts";
import { merchantSecrets } from "./app.ts";
import { merchantSecretsEnvironment } from "./environment.ts";

const MASTER_KEYS_KEPT_MS = 60_000;

const env = merchantSecretsEnvironment.read();
const logger = pipelineLogger();
const invocation = new Invocation();
const limits = { ...WAITED_FOR_LIMITS, leftMs: invocation.leftMs };
const dynamodb = traced(boundedClient(DynamoDBClient, limits));
const secretsManager = traced(boundedClient(SecretsManagerClient, limits));
const kms = traced(boundedClient(KMSClient, limits));
const audited = new AuditedWrites(dynamodb, env.auditLogTable);
const masterKeys = new LoadingCache({
  load: async (arn) => parseMasterKeys(await masterKeysText(secretsManager, arn)),
  keep: () => true,
  maxAgeMs: MASTER_KEYS_KEPT_MS,
  most: 1,
  now: Date.now,
});

const app = merchantSecrets({
  logError: (message, details) => logger.error(message, details),
  holder: {
    registry: new MerchantRegistry(dynamodb, env.merchantsTable, audited),
    audited,
    masterKeys: () => masterKeys.get(env.masterKeysSecretArn),
    openSecret: new ImportedSecrets({ kms, keyArn: env.importedSecretsKeyArn, nowMs: Date.now }).open,
    sealSecret: (merchantId, secret, purpose) =>
      encryptSecret(kms, env.importedSecretsKeyArn, merchantId, secret, purpose),
    guard: AddressGuard.of(env),
    nowMs: Date.now,
  },
});
const answer = lambdaHandler(app);

export async function handler(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
  logger.addContext(context);
  invocation.begin(context);
  const result = await answer(event, context);
  logger.info("answered", { route: event.resource, method: event.httpMethod, status: result.statusCode });
  return result;
}
