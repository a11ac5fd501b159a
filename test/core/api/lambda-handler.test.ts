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

  it.each(["[1,]", "x".repeat(1001)])(
    "says that a path or method is none before the body is looked at",
    async (body) => {
      const app = apiApp({ logError: () => undefined, maxBodyBytes: 1000 });
      app.post("/nowhere", (c) => c.text("here"));
      app.get("/somewhere", (c) => c.text("there"));
      const statusOf = async (path: string) =>
        (await lambdaHandler(app)({ ...event("POST", body), path }, {} as never)).statusCode;
      expect(await statusOf("/v1/nowhere/")).toBe(404);
      expect(await statusOf("/v1/somewhere")).toBe(405);
      expect([400, 413, 415]).toContain(await statusOf("/v1/nowhere"));
    },
  );
});
