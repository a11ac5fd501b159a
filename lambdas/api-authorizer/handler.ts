/**
 * `api-authorizer`, which API Gateway asks whose token a request carries: only wires. Logs reasons, never tokens. That
 * the issuer cannot be asked is no fault of the caller: the invocation fails, which API Gateway answers 503.
 */
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent, Context } from "aws-lambda";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { METRICS } from "../../core/settings/names.ts";
import { logError } from "../../core/telemetry/log-error.ts";
import { authorizerResult } from "./authorizer-result.ts";
import { bearerToken } from "./bearer-token.ts";
import { apiAuthorizerEnvironment } from "./environment.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import { fetchKeys } from "./issuer-metadata.ts";
import { judgeToken } from "./judge-token.ts";
import type { Verdict } from "./verdict.ts";

const env = apiAuthorizerEnvironment.read();
const logger = pipelineLogger();
const metrics = new ProgramMetrics(env.publishedMetrics, (message, details) => logger.info(message, details));
const invocation = new Invocation();
const keys = new IssuerKeys({
  issuer: env.issuer,
  fetchKeys: () => fetchKeys(env.issuer, { fetch, leftMs: invocation.leftMs }),
  nowMs: Date.now,
  onStale: (error) => logError((...line) => logger.warn(...line), "old keys of the issuer go on being used", error),
});

export async function handler(
  event: APIGatewayRequestAuthorizerEvent,
  context: Context,
): Promise<APIGatewayAuthorizerResult> {
  logger.addContext(context);
  invocation.begin(context);
  try {
    const verdict = await judge(event);
    if (verdict.kind === "refused") {
      metrics.addMetric(METRICS.tokensRefused, MetricUnit.Count, 1);
      logger.info("token refused", { reason: verdict.reason, requestId: event.requestContext.requestId });
    }
    return authorizerResult(verdict, event.methodArn);
  } finally {
    metrics.publishStoredMetrics();
  }
}

async function judge(event: APIGatewayRequestAuthorizerEvent): Promise<Verdict> {
  const bearer = bearerToken(event);
  if ("kind" in bearer) return bearer;
  try {
    return await judgeToken(bearer.token, keys, env);
  } catch (error) {
    metrics.addMetric(METRICS.issuerUnavailable, MetricUnit.Count, 1);
    logError((...line) => logger.error(...line), "the issuer cannot be asked", error);
    throw error;
  }
}
