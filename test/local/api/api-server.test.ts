import { request as httpRequest } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startApi } from "../../../local/api/api-server.ts";
import { gatewayResponsesOf } from "../../../local/api/gateway-responses.ts";
import { routesOf } from "../../../local/api/routes.ts";
import type { LoopbackServer } from "../../../local/serve-loopback.ts";

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const uriOf = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arnOf(name)}/invocations`;
const resource = (logicalId: string, properties: Record<string, unknown>) => ({ logicalId, type: "Test", properties });
const method = (resourceId: string, HttpMethod: string, more: Record<string, unknown> = {}) =>
  resource(`${resourceId}${HttpMethod}`, {
    RestApiId: "api",
    ResourceId: resourceId,
    HttpMethod,
    Integration: { Type: "AWS_PROXY", Uri: uriOf("app") },
    ...more,
  });
const routesWith = (authorizer: Record<string, unknown>) =>
  routesOf({
    stages: [resource("Stage", { RestApiId: "api", StageName: "prod" })],
    resources: [
      resource("V1", { ParentId: "root", PathPart: "v1" }),
      resource("Proxy", { ParentId: "V1", PathPart: "{proxy+}" }),
      resource("Open", { ParentId: "root", PathPart: "open" }),
    ],
    methods: [method("Proxy", "ANY", { AuthorizerId: "Auth" }), method("Open", "GET")],
    authorizers: [resource("Auth", { AuthorizerUri: uriOf("authorizer"), ...authorizer })],
  });
const REQUEST = { Type: "REQUEST", IdentitySource: "method.request.header.Authorization" };
const RESPONSES = gatewayResponsesOf([
  resource("Denied", {
    ResponseType: "ACCESS_DENIED",
    StatusCode: "401",
    ResponseParameters: { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" },
    ResponseTemplates: {
      "application/problem+json": '{"detail":"$context.authorizer.refusal","id":"$context.requestId"}',
    },
  }),
  resource("Failed", { ResponseType: "AUTHORIZER_FAILURE", StatusCode: "503" }),
  resource("Others", {
    ResponseType: "DEFAULT_4XX",
    ResponseTemplates: { "application/problem+json": '{"detail":$context.error.messageString}' },
  }),
]);

let api: LoopbackServer;
let routes: ReturnType<typeof routesWith>;
let nowMs: number;
let events: { readonly name: string; readonly event: Record<string, unknown> }[];
let authorize: (event: Record<string, unknown>) => unknown;

beforeEach(async () => {
  routes = routesWith(REQUEST);
  nowMs = 0;
  events = [];
  authorize = ({ methodArn }) => policy("Allow", String(methodArn));
  api = await startApi({
    port: 0,
    apis: () => [{ base: "", routes, gatewayResponses: RESPONSES }],
    nowMs: () => nowMs,
    invoke: async (functionArn, event) => {
      const name = functionArn.slice(functionArn.lastIndexOf(":") + 1);
      events.push({ name, event: event as Record<string, unknown> });
      if (name === "authorizer") return authorize(event as Record<string, unknown>);
      return { statusCode: 200, headers: { "content-type": "text/plain" }, body: "done" };
    },
  });
});
afterEach(() => api.stop());

function policy(Effect: string, methodArn: string, context: Record<string, unknown> = { subject: "erp", level: 3 }) {
  const Resource = `${methodArn.split("/").slice(0, 2).join("/")}/*`;
  return {
    principalId: "erp",
    context,
    policyDocument: { Version: "2012-10-17", Statement: [{ Effect, Action: "execute-api:Invoke", Resource }] },
  };
}

const call = (path: string, headers: Record<string, string> = { authorization: "Bearer a" }, init: RequestInit = {}) =>
  fetch(`${api.origin}${path}`, { ...init, headers });
const calls = (name: string) => events.filter((one) => one.name === name).map(({ event }) => event);

describe("a route with an authorizer", () => {
  it("is asked about with all that a request has, and the function gets what it said, as texts", async () => {
    expect(await (await call("/prod/v1/a%20b?x=1")).text()).toBe("done");
    expect(calls("authorizer")).toEqual([
      expect.objectContaining({
        type: "REQUEST",
        methodArn: "arn:aws:execute-api:us-east-1:000000000000:local/prod/GET/v1/a%20b",
        path: "/v1/a%20b",
        multiValueHeaders: expect.objectContaining({ authorization: ["Bearer a"] }),
        queryStringParameters: { x: "1" },
      }),
    ]);
    expect(calls("app")).toEqual([
      expect.objectContaining({
        path: "/v1/a%20b",
        pathParameters: { proxy: "a%20b" },
        requestContext: expect.objectContaining({ authorizer: { principalId: "erp", subject: "erp", level: "3" } }),
      }),
    ]);
  });

  it("asks nobody where the header is missing or empty, and answers 401", async () => {
    for (const headers of [{}, { authorization: "" }]) {
      const response = await call("/prod/v1/x", headers);
      expect([response.status, await response.json()]).toEqual([401, { detail: "Unauthorized" }]);
    }
    expect(events).toEqual([]);
  });

  it("keeps what was said of a header, for all routes and methods, until its time is over", async () => {
    await call("/prod/v1/x");
    await call("/prod/v1/y/z", undefined, { method: "POST" });
    expect(calls("authorizer")).toHaveLength(1);
    await call("/prod/v1/x", { authorization: "Bearer b" });
    expect(calls("authorizer")).toHaveLength(2);
    nowMs = 300_000;
    await call("/prod/v1/x");
    expect(calls("authorizer")).toHaveLength(3);
    expect(calls("app")).toHaveLength(4);
  });

  it("keeps nothing where the template says so", async () => {
    routes = routesWith({ ...REQUEST, AuthorizerResultTtlInSeconds: 0 });
    await call("/prod/v1/x");
    await call("/prod/v1/x");
    expect(calls("authorizer")).toHaveLength(2);
  });

  it("answers a denial as the template has it, with what the authorizer said, and keeps it", async () => {
    authorize = ({ methodArn }) => policy("Deny", String(methodArn), { refusal: "It has expired." });
    for (let time = 0; time < 2; time += 1) {
      const response = await call("/prod/v1/x");
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(await response.json()).toEqual({
        detail: "It has expired.",
        id: response.headers.get("x-amzn-requestid"),
      });
    }
    expect(calls("authorizer")).toHaveLength(1);
    expect(calls("app")).toEqual([]);
  });

  it("denies what a kept policy does not allow", async () => {
    authorize = ({ methodArn }) => ({
      principalId: "erp",
      policyDocument: { Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: methodArn }] },
    });
    expect((await call("/prod/v1/x")).status).toBe(200);
    expect((await call("/prod/v1/y")).status).toBe(401);
  });

  it("answers 401 to the authorizer's word, and its failure as our fault; neither is kept", async () => {
    authorize = () => Promise.reject(new Error("api-authorizer: Error: Unauthorized"));
    expect((await call("/prod/v1/x")).status).toBe(401);
    authorize = () => Promise.reject(new Error("api-authorizer: TypeError: Unauthorized access of undefined"));
    expect((await call("/prod/v1/x")).status).toBe(503);
    authorize = ({ methodArn }) => policy("Allow", String(methodArn));
    expect((await call("/prod/v1/x")).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["no principal", { policyDocument: { Statement: [] } }],
    ["no policy", { principalId: "erp" }],
    ["a context that is nested", { ...policy("Allow", "a/b/c"), context: { scopes: ["a"] } }],
  ])("answers 500 to an authorizer that says %s", async (_what, result) => {
    authorize = () => result;
    expect((await call("/prod/v1/x")).status).toBe(500);
    expect(calls("app")).toEqual([]);
  });

  it("gives an authorizer of tokens the token alone", async () => {
    routes = routesWith({ ...REQUEST, Type: "TOKEN" });
    await call("/prod/v1/x");
    expect(calls("authorizer")).toEqual([
      { type: "TOKEN", methodArn: expect.any(String), authorizationToken: "Bearer a" },
    ]);
  });

  it("hands over both of two headers", async () => {
    await new Promise<void>((resolve, reject) => {
      const { port } = new URL(api.origin);
      const headers = ["Authorization", "Bearer a", "Authorization", "Bearer b", "Host", "localhost"];
      httpRequest({ host: "127.0.0.1", port, path: "/prod/v1/x", headers })
        .on("response", (response) => response.resume().on("end", resolve))
        .on("error", reject)
        .end();
    });
    expect(calls("authorizer")[0]).toMatchObject({ multiValueHeaders: { Authorization: ["Bearer a", "Bearer b"] } });
  });
});

describe("what API Gateway answers by itself", () => {
  it("is as the template has it for all of a kind, and as ever where it says nothing", async () => {
    const unknown = await call("/prod/nowhere");
    expect([unknown.status, await unknown.json()]).toEqual([403, { detail: "Missing Authentication Token" }]);
    routes = routesWith({ ...REQUEST });
    authorize = () => null;
    const failed = await call("/prod/v1/x");
    expect([failed.status, failed.headers.get("content-type"), await failed.json()]).toEqual([
      500,
      "application/json",
      { message: "Internal server error" },
    ]);
  });

  it("refuses more than ten megabytes, and takes as much", async () => {
    const post = (bytes: number) =>
      call("/prod/v1/x", undefined, { method: "POST", body: "x".repeat(bytes) }).then(({ status }) => status);
    expect(await post(10 * 1024 * 1024)).toBe(200);
    expect(await post(10 * 1024 * 1024 + 1)).toBe(413);
    expect(calls("app")).toHaveLength(1);
  });

  it("asks nobody about a route without an authorizer", async () => {
    expect((await call("/prod/open", {})).status).toBe(200);
    expect(calls("authorizer")).toEqual([]);
  });

  it("names each request by an id of its own, which the function gets", async () => {
    const response = await call("/prod/open", {});
    const requestId = response.headers.get("x-amzn-requestid");
    expect(requestId).toMatch(/^[\da-f-]{36}$/);
    expect(calls("app")).toMatchObject([{ requestContext: { requestId } }]);
  });

  it("needs an authorizer that this machine knows", () => {
    expect(() => routesWith({ Type: "COGNITO_USER_POOLS" })).toThrow(/knows authorizers that are functions/);
    expect(() => routesWith({ ...REQUEST, IdentitySource: "method.request.querystring.token" })).toThrow(/querystring/);
  });
});
