import { describe, expect, it } from "@jest/globals";
import { PROBLEMS } from "../../../core/api/problems.ts";
import { problemSchema } from "../../../core/api/problem.ts";
import { gatewayResponse, gatewayResponsesOf } from "../../../local/api/gateway-responses.ts";
import { WITH_API } from "../program/template-programs.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize(WITH_API);
const responses = Object.entries(template.findResources("AWS::ApiGateway::GatewayResponse")).map(
  ([logicalId, { Properties }]) => ({ logicalId, type: "AWS::ApiGateway::GatewayResponse", properties: Properties }),
);
const byType = new Map(responses.map(({ properties }) => [String(properties["ResponseType"]), properties]));

describe("what API Gateway answers by itself", () => {
  it.each([
    ["UNAUTHORIZED", 401],
    ["ACCESS_DENIED", 401],
    ["WAF_FILTERED", 403],
    ["MISSING_AUTHENTICATION_TOKEN", 404],
    ["RESOURCE_NOT_FOUND", 404],
    ["REQUEST_TOO_LARGE", 413],
    ["UNSUPPORTED_MEDIA_TYPE", 415],
    ["THROTTLED", 429],
    ["QUOTA_EXCEEDED", 429],
    ["API_CONFIGURATION_ERROR", 500],
    ["AUTHORIZER_CONFIGURATION_ERROR", 500],
    ["AUTHORIZER_FAILURE", 503],
    ["INTEGRATION_FAILURE", 503],
    ["INTEGRATION_TIMEOUT", 503],
  ])("is a problem of the API's own form: %s is %i", (type, status) => {
    const properties = byType.get(type);
    expect(properties?.["StatusCode"]).toBe(String(status));
    const problem = JSON.parse(String(properties?.["ResponseTemplates"]["application/problem+json"]));
    expect(problemSchema.parse(problem)).toMatchObject({ status, requestId: "$context.requestId" });
    expect(PROBLEMS[problem.code as keyof typeof PROBLEMS]).toEqual({ status, title: problem.title });
  });

  it("is one of its kind for all else, with its own status", () => {
    for (const type of ["DEFAULT_4XX", "DEFAULT_5XX"]) {
      const properties = byType.get(type);
      expect(properties).not.toHaveProperty("StatusCode");
      expect(String(properties?.["ResponseTemplates"]["application/problem+json"])).toContain('"type":"about:blank"');
    }
  });

  it("is for nobody else to keep, to guess the type of, or to be had over plain http; and for no other origin", () => {
    expect(responses.length).toBe(16);
    for (const { properties } of responses) {
      const headers = properties["ResponseParameters"] as Record<string, string>;
      expect(headers).toMatchObject({
        "gatewayresponse.header.Strict-Transport-Security": "'max-age=63072000; includeSubDomains'",
        "gatewayresponse.header.X-Content-Type-Options": "'nosniff'",
        "gatewayresponse.header.Cache-Control": "'no-store'",
      });
      expect(JSON.stringify(headers).toLowerCase()).not.toContain("access-control");
    }
  });

  it("asks for a token where there is none, and says when to come again where it may help", () => {
    const headerOf = (type: string, name: string) =>
      byType.get(type)?.["ResponseParameters"][`gatewayresponse.header.${name}`];
    expect(headerOf("UNAUTHORIZED", "WWW-Authenticate")).toBe("'Bearer'");
    expect(headerOf("ACCESS_DENIED", "WWW-Authenticate")).toBe("'Bearer'");
    for (const type of ["THROTTLED", "AUTHORIZER_FAILURE", "INTEGRATION_FAILURE"])
      expect(headerOf(type, "Retry-After")).toMatch(/^'\d+'$/);
  });

  it("is said on this machine as there, with the authorizer's reason", () => {
    const local = gatewayResponsesOf(responses);
    const said = gatewayResponse("ACCESS_DENIED", local, {
      requestId: "r-1",
      authorizer: { refusal: "It has expired." },
    });
    expect(said.status).toBe(401);
    expect(JSON.parse(said.body.toString())).toMatchObject({
      code: "API_UNAUTHENTICATED",
      detail: "It has expired.",
      requestId: "r-1",
    });
    expect(Object.fromEntries(said.headers)).toMatchObject({
      "WWW-Authenticate": "Bearer",
      "Cache-Control": "no-store",
    });
  });

  it("is as ever in a stack without the API", () => {
    expect(synthesize().template.findResources("AWS::ApiGateway::GatewayResponse")).toEqual({});
  });
});
