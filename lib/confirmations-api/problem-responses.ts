/**
 * What API Gateway answers by itself, in the form that the applications have: `application/problem+json` with a code of
 * docs/errors.md and the request's id. A denial is an authentication that failed, for it is the authorizer alone that
 * denies; that the issuer could not be asked is no fault of the caller.
 */
import { ResponseType, type RestApi } from "aws-cdk-lib/aws-apigateway";
import { PROBLEM_TYPE_PREFIX, type ProblemCode, PROBLEMS } from "../../core/api/problems.ts";

interface Meant {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Seconds after which it may be better. */
const RETRY_SOON = { "Retry-After": "1" };
const RETRY_LATER = { "Retry-After": "10" };
/** RFC 6750, section 3. */
const CHALLENGE = { "WWW-Authenticate": "Bearer" };
/** As the applications set them. */
const ALWAYS = {
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

const MEANT: Readonly<Record<string, Meant>> = {
  UNAUTHORIZED: {
    code: "API_UNAUTHENTICATED",
    detail: "Expected the header Authorization: Bearer and an access token that holds now.",
    headers: CHALLENGE,
  },
  // The authorizer's own words, which hold nothing of the token.
  ACCESS_DENIED: { code: "API_UNAUTHENTICATED", detail: "$context.authorizer.refusal", headers: CHALLENGE },
  AUTHORIZER_FAILURE: {
    code: "API_UNAVAILABLE",
    detail: "The issuer of access tokens cannot be asked just now; send the request again.",
    headers: RETRY_LATER,
  },
  AUTHORIZER_CONFIGURATION_ERROR: { code: "API_FAILED", detail: "Nobody could say whose access token it is." },
  API_CONFIGURATION_ERROR: { code: "API_FAILED", detail: "The request could not be handed over." },
  INTEGRATION_FAILURE: {
    code: "API_UNAVAILABLE",
    detail: "The application did not take the request; send it again.",
    headers: RETRY_SOON,
  },
  INTEGRATION_TIMEOUT: {
    code: "API_UNAVAILABLE",
    detail: "There was no response in time, and the request may have been carried out; send it again as it was.",
    headers: RETRY_SOON,
  },
  MISSING_AUTHENTICATION_TOKEN: { code: "API_NOT_FOUND", detail: "There is no such path; /v1/openapi.json has all." },
  RESOURCE_NOT_FOUND: { code: "API_NOT_FOUND", detail: "There is no such path; /v1/openapi.json has all." },
  REQUEST_TOO_LARGE: { code: "API_BODY_TOO_LARGE", detail: "Expected a request of at most 10 MB." },
  UNSUPPORTED_MEDIA_TYPE: { code: "API_BODY_NOT_UNDERSTOOD", detail: "Expected the content type application/json." },
  THROTTLED: {
    code: "API_TOO_MANY_REQUESTS",
    detail: "This method has had as many requests as it takes; send it again a little later.",
    headers: RETRY_SOON,
  },
  QUOTA_EXCEEDED: {
    code: "API_TOO_MANY_REQUESTS",
    detail: "This method has had as many requests as it takes; send it again a little later.",
    headers: RETRY_SOON,
  },
  WAF_FILTERED: { code: "API_REQUEST_BLOCKED", detail: "A rule of the firewall stands against the request." },
};

/** Without a status of its own each keeps the one that it has: these are what is not listed above. */
const OTHERS = ["DEFAULT_4XX", "DEFAULT_5XX"];

export function addProblemResponses(api: RestApi): void {
  for (const [type, { code, detail, headers = {} }] of Object.entries(MEANT)) {
    const { status, title } = PROBLEMS[code];
    const problem = { type: `${PROBLEM_TYPE_PREFIX}${code}`, title, status, detail, code };
    add(api, type, JSON.stringify({ ...problem, requestId: "$context.requestId" }), headers, String(status));
  }
  // RFC 9457, section 4.2.1: a problem with no more to it than its status.
  const other = '{"type":"about:blank","title":$context.error.messageString,"requestId":"$context.requestId"}';
  for (const type of OTHERS) add(api, type, other, {});
}

function add(
  api: RestApi,
  type: string,
  template: string,
  headers: Readonly<Record<string, string>>,
  statusCode?: string,
): void {
  const all = Object.entries({ ...ALWAYS, ...headers });
  // It is part of what a deployment freezes; the CDK makes another one where it changes.
  api.addGatewayResponse(`Problem-${type}`, {
    type: ResponseType.of(type),
    ...(statusCode !== undefined && { statusCode }),
    responseHeaders: Object.fromEntries(all.map(([name, value]) => [name, `'${value}'`])),
    templates: { "application/problem+json": template },
  });
}
