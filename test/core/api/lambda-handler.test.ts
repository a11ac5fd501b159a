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

  it.each(["TRACE", "TRACK", "CONNECT"])("answers %s as any method that a path does not have", async (method) => {
    const app = apiApp({ logError: () => undefined, maxBodyBytes: 1000 });
    app.get("/nowhere", (c) => c.text("here"));
    const answer = await lambdaHandler(app)(event(method, null), {} as never);
    expect(answer.statusCode).toBe(405);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: "API_METHOD_NOT_ALLOWED",
      detail: `got ${method}, expected GET.`,
    });
  });
});
