import { describe, expect, it } from "@jest/globals";
import { httpResponse, type HttpRequest, missingParameters, proxyEvent } from "../../local/api/proxy-event.ts";
import { matchRoute, type Route, routesOf } from "../../local/api/routes.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:hook";
const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;

function resource(logicalId: string, properties: Record<string, unknown>) {
  return { logicalId, type: "Test", properties };
}

function method(resourceId: string, httpMethod: string, other: Record<string, unknown> = {}) {
  return resource(`${resourceId}${httpMethod}`, {
    RestApiId: "api",
    ResourceId: resourceId,
    HttpMethod: httpMethod,
    Integration: { Type: "AWS_PROXY", Uri: uri },
    ...other,
  });
}

const routes = routesOf({
  stages: [resource("Stage", { RestApiId: "api", StageName: "prod" })],
  resources: [
    resource("Confirmation", { ParentId: "root", PathPart: "confirmation" }),
    resource("One", { ParentId: "Confirmation", PathPart: "{id}" }),
    resource("Files", { ParentId: "root", PathPart: "{proxy+}" }),
  ],
  methods: [
    method("Confirmation", "POST", {
      RequestValidatorId: "v",
      RequestParameters: { "method.request.header.webhook-id": true, "method.request.querystring.q": false },
    }),
    method("One", "GET"),
    method("Files", "ANY"),
  ],
});

function request(httpMethod: string, path: string, body = "", rawHeaders: readonly string[] = []): HttpRequest {
  return {
    method: httpMethod,
    url: new URL(path, "http://127.0.0.1:3000"),
    rawHeaders,
    body: Buffer.from(body),
    sourceIp: "127.0.0.1",
    id: "request-1",
  };
}

function matched(httpMethod: string, path: string) {
  const match = matchRoute(routes, httpMethod, new URL(path, "http://127.0.0.1").pathname);
  if (match === undefined) throw new Error(`${path} matches nothing`);
  return match;
}

describe("routes of the REST API", () => {
  it("come from resources, methods and stages of the template", () => {
    expect(routes.map(({ stage, method: verb, resourcePath }) => `${verb} /${stage}${resourcePath}`)).toEqual([
      "POST /prod/confirmation",
      "GET /prod/confirmation/{id}",
      "ANY /prod/{proxy+}",
    ]);
    expect(routes[0]?.functionArn).toBe(functionArn);
  });

  it("the most exact one wins", () => {
    expect(matched("POST", "/prod/confirmation").route.resourcePath).toBe("/confirmation");
    expect(matched("GET", "/prod/confirmation").route.resourcePath).toBe("/{proxy+}");
  });

  it("parameters are taken from the path as it was sent: API Gateway decodes neither", () => {
    const one = matched("GET", "/prod/confirmation/a%20b%2Fc");
    expect([one.path, one.pathParameters]).toEqual(["/confirmation/a%20b%2Fc", { id: "a%20b%2Fc" }]);
    expect(matched("PUT", "/prod/x/y%2Fz/%C3%A9").pathParameters).toEqual({ proxy: "x/y%2Fz/%C3%A9" });
    expect(matched("GET", "/prod/confirmation/%zz").pathParameters).toEqual({ id: "%zz" });
  });

  it("another stage has none", () => {
    expect(matchRoute(routes, "POST", "/test/confirmation")).toBeUndefined();
  });

  it("an integration that is no function's is an error", () => {
    const other = method("Files", "GET", { Integration: { Type: "HTTP" } });
    expect(() => routesOf({ stages: [], resources: [], methods: [other] })).toThrow(
      /proxy integrations of functions only/,
    );
  });
});

describe("the event of a proxy integration", () => {
  it("hands over parameters of any name", () => {
    const call = request("POST", "/prod/confirmation?toString=1&__proto__=2&constructor=3");
    const { multiValueQueryStringParameters } = proxyEvent(call, matched("POST", "/prod/confirmation")) as {
      readonly multiValueQueryStringParameters: object;
    };
    expect(Object.entries(multiValueQueryStringParameters)).toEqual([
      ["toString", ["1"]],
      ["__proto__", ["2"]],
      ["constructor", ["3"]],
    ]);
  });

  it("carries what was called", () => {
    const call = request("POST", "/prod/confirmation?a=1&a=2", '{"x":1}', [
      "Webhook-Id",
      "msg_1",
      "X-Two",
      "1",
      "X-Two",
      "2",
    ]);
    expect(proxyEvent(call, matched("POST", "/prod/confirmation"))).toMatchObject({
      resource: "/confirmation",
      path: "/confirmation",
      httpMethod: "POST",
      headers: { "Webhook-Id": "msg_1", "X-Two": "2" },
      multiValueHeaders: { "X-Two": ["1", "2"] },
      queryStringParameters: { a: "2" },
      multiValueQueryStringParameters: { a: ["1", "2"] },
      pathParameters: null,
      body: '{"x":1}',
      isBase64Encoded: false,
      requestContext: {
        requestId: "request-1",
        stage: "prod",
        path: "/prod/confirmation",
        identity: { sourceIp: "127.0.0.1" },
      },
    });
  });

  it("what is not there is null, as in API Gateway", () => {
    expect(proxyEvent(request("GET", "/prod/x"), matched("GET", "/prod/x"))).toMatchObject({
      headers: null,
      queryStringParameters: null,
      body: null,
    });
  });

  it("a required header that is missing is named, whatever its case", () => {
    const match = matched("POST", "/prod/confirmation");
    expect(missingParameters(request("POST", "/prod/confirmation"), match)).toEqual(["webhook-id"]);
    expect(missingParameters(request("POST", "/prod/confirmation", "", ["Webhook-ID", "x"]), match)).toEqual([]);
  });
});

describe("the response of a function", () => {
  it("becomes status, headers and body", () => {
    const response = httpResponse({
      statusCode: 201,
      headers: { a: "1" },
      multiValueHeaders: { b: ["2", "3"] },
      body: "aGk=",
      isBase64Encoded: true,
    });
    expect({ ...response, body: response?.body.toString() }).toEqual({
      status: 201,
      headers: [
        ["a", "1"],
        ["b", "2"],
        ["b", "3"],
      ],
      body: "hi",
    });
  });

  it.each([undefined, null, "ok", { body: "no status" }, { statusCode: 42 }])("that is none is none: %j", (result) => {
    expect(httpResponse(result)).toBeUndefined();
  });
});

describe("routes without a validator", () => {
  it("require nothing", () => {
    const open: readonly Route[] = routesOf({
      stages: [resource("Stage", { RestApiId: "api", StageName: "prod" })],
      resources: [resource("Open", { ParentId: "root", PathPart: "open" })],
      methods: [method("Open", "POST", { RequestParameters: { "method.request.header.x": true } })],
    });
    expect(open[0]?.requiredParameters).toEqual([]);
  });
});
