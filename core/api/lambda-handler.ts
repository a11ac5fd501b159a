/**
 * An app of the API as a function behind API Gateway. What API Gateway lets through and a `Request` cannot hold is made
 * fit for it, so that the app answers it like anything else: the adapter's own answers are outside of the document.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { handle } from "hono/aws-lambda";
import type { ApiApp } from "./api-app.ts";

/** A body of such a request says nothing (RFC 9110, 9.3.1). */
const WITHOUT_BODY = new Set(["GET", "HEAD"]);

export function lambdaHandler(
  app: ApiApp,
): (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult> {
  const answer = handle(app);
  return async (event, context) => {
    const fit = WITHOUT_BODY.has(event.httpMethod) && event.body !== null ? { ...event, body: null } : event;
    return answer(fit as never, context as never);
  };
}
