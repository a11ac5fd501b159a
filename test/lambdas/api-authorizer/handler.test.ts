import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent, Context } from "aws-lambda";
import { apiAuthorizerEnvironment } from "../../../lambdas/api-authorizer/environment.ts";
import { type Claims, issuerKey, testIssuer, tokenOf, type TestIssuer } from "./issuers.ts";

const key = await issuerKey("key-1");
const METHOD_ARN = "arn:aws:execute-api:eu-west-1:111111111111:api-1/prod/GET/v1/transactions/t-1";

let issuer: TestIssuer;
let handler: (event: APIGatewayRequestAuthorizerEvent, context: Context) => Promise<APIGatewayAuthorizerResult>;
const written: string[] = [];

beforeAll(async () => {
  issuer = await testIssuer([key.publicJwk]);
  Object.assign(process.env, {
    POWERTOOLS_SERVICE_NAME: "api-authorizer",
    POWERTOOLS_METRICS_NAMESPACE: "Test",
    POWERTOOLS_DEV: "true",
    POWERTOOLS_METRICS_DISABLED: "false",
    ...apiAuthorizerEnvironment.write({
      issuer: issuer.url,
      audience: ["confirmations"],
      clientIds: [],
      scopePrefix: "",
      merchantClaim: "merchant_id",
      publishedMetrics: ["*"],
    }),
  });
  for (const method of ["log", "info", "warn", "error"] as const)
    jest.spyOn(console, method).mockImplementation((line: unknown) => void written.push(String(line)));
  ({ handler } = await import("../../../lambdas/api-authorizer/handler.ts"));
});
beforeEach(() => {
  written.length = 0;
});
afterAll(async () => {
  jest.restoreAllMocks();
  await issuer[Symbol.asyncDispose]();
});

const ask = (...values: string[]) =>
  handler(
    {
      methodArn: METHOD_ARN,
      headers: {},
      multiValueHeaders: { Authorization: values },
      requestContext: { requestId: "request-1" },
    } as unknown as APIGatewayRequestAuthorizerEvent,
    { getRemainingTimeInMillis: () => 10_000 } as Context,
  );
const askWith = async (claims: Claims) => ask(`Bearer ${await tokenOf({ issuer: issuer.url, key, claims })}`);
const policy = (Effect: string) => ({
  policyDocument: {
    Version: "2012-10-17",
    Statement: [
      { Action: "execute-api:Invoke", Effect, Resource: "arn:aws:execute-api:eu-west-1:111111111111:api-1/prod/*" },
    ],
  },
});

describe("the authorizer", () => {
  it("lets a token that holds through to the whole stage, and says whose it is in texts", async () => {
    const { context, ...result } = await askWith({ merchant_id: "acme" });
    expect(result).toEqual({ ...policy("Allow"), principalId: "erp" });
    expect(context).toEqual({
      subject: "erp",
      clientId: "erp",
      scopes: "transactions:read transactions:write",
      merchantId: "acme",
      expiresAt: expect.stringMatching(/^\d{10}$/),
    });
    expect((await askWith({})).context).toMatchObject({ merchantId: "" });
  });

  it("refuses by a policy, which API Gateway keeps, with the reason, and logs no token", async () => {
    const token = await tokenOf({ issuer: issuer.url, key, claims: { aud: "billing" } });
    const result = await ask(`Bearer ${token}`);
    expect(result).toEqual({
      ...policy("Deny"),
      principalId: "nobody",
      context: { refusal: expect.stringMatching(/audience is another/) },
    });
    expect(written.join("\n")).toContain("token refused");
    expect(written.join("\n")).toContain("TokensRefused");
    expect(written.join("\n")).not.toContain(token.split(".")[2]);
  });

  it("refuses by API Gateway's own word what may hold later, so that it is not kept", async () => {
    await expect(askWith({ nbf: Math.floor(Date.now() / 1000) + 600 })).rejects.toThrow(/^Unauthorized$/);
  });

  it("refuses two headers", async () => {
    expect(await ask("Bearer a.b.c", "Bearer a.b.c")).toMatchObject(policy("Deny"));
  });
});
