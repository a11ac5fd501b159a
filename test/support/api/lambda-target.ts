/** Requests to an app as API Gateway hands them over: events of a proxy integration (payload version 1.0). */
import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { Answer, Bearer, Send, SentRequest } from "./request-plan.ts";

export type LambdaHandler = (event: APIGatewayProxyEvent, context: never) => Promise<APIGatewayProxyResult>;

export function toLambda(handler: LambdaHandler): Send {
  return async (request) => {
    const { statusCode, headers = {}, multiValueHeaders = {}, body } = await handler(eventOf(request), {} as never);
    return { status: statusCode, headers: headersOf({ ...headers, ...multiValueHeaders }), text: body };
  };
}

function eventOf({ method, target, headers, body, bearer }: SentRequest): APIGatewayProxyEvent {
  const url = new URL(target, "https://api.example");
  return {
    resource: "/v1/{proxy+}",
    path: url.pathname,
    httpMethod: method,
    multiValueHeaders: multiValued([["host", "api.example"], ...headers]),
    multiValueQueryStringParameters: url.search.length < 2 ? null : multiValued([...url.searchParams]),
    requestContext: {
      requestId: randomUUID(),
      domainName: "api.example",
      path: `/prod${url.pathname}`,
      stage: "prod",
      ...(bearer !== null && { authorizer: contextOf(bearer) }),
    },
    body: body === undefined || body === "" ? null : body,
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEvent;
}

function contextOf({ scopes, merchantId = "", subject = "tests" }: NonNullable<Bearer>): object {
  return { subject, clientId: "tests", scopes: scopes.join(" "), merchantId, principalId: subject };
}

function multiValued(entries: Iterable<readonly [string, string]>): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

function headersOf(given: Readonly<Record<string, unknown>>): Answer["headers"] {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given))
    for (const one of [value].flat()) headers.append(name, String(one));
  return headers;
}
