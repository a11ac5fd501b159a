import { describe, expect, it } from "@jest/globals";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { apiApp } from "../../../core/api/api-app.ts";
import { lambdaHandler } from "../../../core/api/lambda-handler.ts";

const handler = lambdaHandler(apiApp({ logError: () => undefined, maxBodyBytes: 1000 }));
const event = (httpMethod: string, body: string | null): APIGatewayProxyEvent =>
  ({
    path: "/v1/nowhere",
    httpMethod,
    body,
    multiValueHeaders: { host: ["api.example"] },
    requestContext: { requestId: "request-1", domainName: "api.example" },
  }) as never;

describe("an app behind API Gateway", () => {
  it.each(["GET", "HEAD"])("answers %s with a body as it would without", async (method) => {
    const [one, other] = [
      await handler(event(method, "{}"), {} as never),
      await handler(event(method, null), {} as never),
    ];
    expect(one).toEqual(other);
    expect(one.statusCode).toBe(404);
  });
});
