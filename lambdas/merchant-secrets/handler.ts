/** `merchant-secrets`, behind the routes of merchants' secrets: only wires. Logs ids and codes, never secrets. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { merchantSecretsEnvironment } from "./environment.ts";

merchantSecretsEnvironment.read();
const logger = pipelineLogger();

export function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  logger.info("no such route", { method: event.httpMethod });
  return Promise.resolve({
    statusCode: 404,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify({ title: "Not Found", status: 404 }),
  });
}
