/**
 * A verdict as API Gateway takes it. It keeps the result for all routes of the stage, so what is allowed is the whole
 * of it, and what the token may do there is the application's to say. A refusal is a policy too, so that it is kept and
 * its reason can be told; but for one that time may mend, which must not be kept.
 */
import type { APIGatewayAuthorizerResult } from "aws-lambda";
import type { Verdict } from "./verdict.ts";

/** To an error of this very message API Gateway answers 401 and keeps nothing. */
const UNAUTHORIZED = "Unauthorized";
const NOBODY = "nobody";

/** @throws an Error for what must not be kept */
export function authorizerResult(verdict: Verdict, methodArn: string): APIGatewayAuthorizerResult {
  if (verdict.kind === "refused") {
    if (verdict.mayHoldLater) throw new Error(UNAUTHORIZED);
    return { ...policy("Deny", methodArn), principalId: NOBODY, context: { refusal: verdict.reason } };
  }
  const { subject, clientId, scopes, merchantId = "", expiresAt } = verdict.identity;
  return {
    ...policy("Allow", methodArn),
    principalId: subject,
    context: { subject, clientId, scopes: scopes.join(" "), merchantId, expiresAt: String(expiresAt) },
  };
}

/** @param methodArn `arn:…:<api>/<stage>/<method>/<path>` */
function policy(effect: "Allow" | "Deny", methodArn: string): Pick<APIGatewayAuthorizerResult, "policyDocument"> {
  const stage = methodArn.split("/").slice(0, 2).join("/");
  return {
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: `${stage}/*` }],
    },
  };
}
