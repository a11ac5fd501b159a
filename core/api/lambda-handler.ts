/**
 * An app of the API as a function behind API Gateway. What API Gateway lets through and a `Request` cannot hold is made
 * fit for it, so that the app answers it like anything else: the adapter's own answers are outside of the document.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { handle } from "hono/aws-lambda";
import type { ApiApp } from "./api-app.ts";
import { fetchMethod } from "./request-method.ts";

/** A body of such a request says nothing (RFC 9110, 9.3.1). */
const WITHOUT_BODY = new Set(["GET", "HEAD"]);
export function lambdaHandler(
  app: ApiApp,
): (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult> {
  const answer = handle(app);
  return async (event, context) => {
    return answer(fit(event) as never, context as never);
  };
}

function fit(event: APIGatewayProxyEvent): APIGatewayProxyEvent {
  const httpMethod = fetchMethod(event.httpMethod);
  return WITHOUT_BODY.has(httpMethod) || httpMethod !== event.httpMethod ? { ...event, httpMethod, body: null } : event;
}
