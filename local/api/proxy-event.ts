/**
 * The event of a REST API's proxy integration (payload version 1.0), and the HTTP answer that a function's result
 * means.
 */
import { randomUUID } from "node:crypto";
import { ACCOUNT_ID } from "../machine.ts";
import type { MatchedRoute } from "./routes.ts";

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** Name and value by turns, as Node gives them. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly id: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** @param authorizer what one said of the request, if its route has one */
export function proxyEvent(
  request: HttpRequest,
  { route, path, pathParameters }: MatchedRoute,
  authorizer?: Readonly<Record<string, string>>,
): object {
  const headers = multiValued(headerPairs(request.rawHeaders));
  const query = multiValued([...request.url.searchParams]);
  return {
    resource: route.resourcePath,
    path,
    httpMethod: request.method,
    headers: orNull(lastOf(headers)),
    multiValueHeaders: orNull(headers),
    queryStringParameters: orNull(lastOf(query)),
    multiValueQueryStringParameters: orNull(query),
    pathParameters: orNull(pathParameters),
    stageVariables: null,
    requestContext: {
      accountId: ACCOUNT_ID,
      ...(authorizer !== undefined && { authorizer }),
      apiId: "local",
      domainName: request.url.hostname,
      domainPrefix: "local",
      extendedRequestId: randomUUID(),
      httpMethod: request.method,
      identity: {
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"]?.[0] ?? headers["User-Agent"]?.[0] ?? null,
      },
      path: request.url.pathname,
      protocol: "HTTP/1.1",
      requestId: request.id,
      requestTime: new Date().toUTCString(),
      requestTimeEpoch: Date.now(),
      resourceId: route.resourcePath,
      resourcePath: route.resourcePath,
      stage: route.stage,
    },
    body: request.body.length === 0 ? null : request.body.toString("utf8"),
    isBase64Encoded: false,
  };
}

/** Required headers and query parameters that the request does not have; names as API Gateway says them. */
export function missingParameters(request: HttpRequest, { route }: MatchedRoute): string[] {
  const headers = new Set(headerPairs(request.rawHeaders).map(([name]) => name.toLowerCase()));
  return route.requiredParameters
    .filter((parameter) => {
      const [place, name] = [parameter.slice(0, parameter.indexOf(".")), parameter.slice(parameter.indexOf(".") + 1)];
      if (place === "header") return !headers.has(name.toLowerCase());
      return place === "querystring" && !request.url.searchParams.has(name);
    })
    .map((parameter) => parameter.slice(parameter.indexOf(".") + 1));
}

/** @returns undefined for what is no response of a proxy integration */
export function httpResponse(result: unknown): HttpResponse | undefined {
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = (result ?? {}) as {
    readonly statusCode?: unknown;
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>>;
    readonly body?: unknown;
    readonly isBase64Encoded?: unknown;
  };
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)] as const);
  const multiple = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) =>
    values.map((value) => [name, String(value)] as const),
  );
  return {
    status,
    headers: [...single, ...multiple],
    body: Buffer.from(typeof body === "string" ? body : "", isBase64Encoded === true ? "base64" : "utf8"),
  };
}

/** @param raw name and value by turns */
export function headerPairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as [string, string]] : []));
}

function multiValued(entries: readonly (readonly [string, string])[]): Record<string, string[]> {
  // A caller may name a parameter `toString`.
  const values = Map.groupBy(entries, ([name]) => name);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.map(([, value]) => value)]));
}

function lastOf(values: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? ""]));
}

function orNull<T extends object>(value: T): T | null {
  return Object.keys(value).length === 0 ? null : value;
}
