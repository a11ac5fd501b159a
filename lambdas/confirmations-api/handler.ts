/** `confirmations-api`, behind the routes below `/v1`: only wires. */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { confirmationsApiEnvironment } from "./environment.ts";

confirmationsApiEnvironment.read();
const logger = pipelineLogger();

export function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  logger.info("no such route", { method: event.httpMethod });
  return Promise.resolve({
    statusCode: 404,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify({ title: "Not Found", status: 404 }),
  });
}
