/**
 * The operation of a route: nobody gets to its handler, or to the validation of what he sent, whom
 * `authorize` does not let. A route that has its merchant in the path is decided on with it; for others the handler
 * asks again, with `requireAccess`, once it knows whose the resource is.
 */
import { createMiddleware } from "hono/factory";
import { authorize } from "../access/authorize.ts";
import { type OperationAccess, type OperationId, OPERATIONS } from "../access/operations.ts";
import type { Principal } from "../access/principal.ts";
import type { ApiEnv } from "./api-env.ts";
import { ApiError, notFound } from "./api-error.ts";
import { problemSchema } from "./problem.ts";
import { PROBLEMS, type ProblemStatus } from "./problems.ts";

/** Name of the security scheme in the document. */
export const ACCESS_TOKEN = "accessToken";

/** Of any operation: a parameter that cannot be used, too many requests, our fault. */
const ALWAYS = [400, 429, 500, 503] as const;
const WITH_TOKEN = [401, 403] as const;
const WITH_BODY = [413, 415, 422] as const;

const TITLES = new Map<number, string>();
for (const { status, title } of Object.values(PROBLEMS)) if (!TITLES.has(status)) TITLES.set(status, title);

/** Of a route: its operation, what a token needs for it, and who is let in. */
export function access(operationId: OperationId) {
  const { scopes }: OperationAccess = OPERATIONS[operationId];
  return {
    operationId,
    security: scopes.map((scope): Record<string, string[]> => ({ [ACCESS_TOKEN]: [scope] })),
    middleware: authorized(operationId),
  };
}

/**
 * Of a route: the problems that it may answer with. A handler throws them, so that they are no part of its type.
 * @param more besides those that every operation may have
 */
export function problems(operationId: OperationId, more: readonly ProblemStatus[] = [], hasBody = false): object {
  const { scopes }: OperationAccess = OPERATIONS[operationId];
  const statuses = [...ALWAYS, ...(scopes.length === 0 ? [] : WITH_TOKEN), ...(hasBody ? WITH_BODY : []), ...more];
  return Object.fromEntries(
    statuses
      .toSorted((one, other) => one - other)
      .map((status) => [
        status,
        { description: TITLES.get(status) ?? "", content: { "application/problem+json": { schema: problemSchema } } },
      ]),
  );
}

function authorized(operationId: OperationId) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    requireAccess(c.get("principal"), operationId, { merchantId: c.req.param("merchantId") }, "merchant");
    await next();
  });
}

/**
 * @param what the resource is, in the words of an answer that there is none
 * @throws ApiError for whoever may not; what is another's is answered as if it were not there
 */
export function requireAccess(
  principal: Principal | undefined,
  operationId: OperationId,
  resource: { readonly merchantId?: string | undefined },
  what: string,
): void {
  const authorization = authorize(principal, operationId, resource);
  switch (authorization.kind) {
    case "allowed":
      return;
    case "unauthenticated":
      throw new ApiError("API_UNAUTHENTICATED", "got no access token that holds, expected `Authorization: Bearer`.", {
        headers: { "www-authenticate": "Bearer" },
      });
    case "scope missing": {
      const scopes = authorization.scopes.join(" or ");
      throw new ApiError(
        "API_SCOPE_MISSING",
        `got an access token without the scope ${scopes}; ask the issuer for it.`,
      );
    }
    case "narrowed":
      throw new ApiError(
        "API_TOKEN_NARROWED",
        "got an access token that is narrowed to one merchant, expected one of the payments company.",
      );
    case "foreign":
      throw notFound(what);
  }
}

/** Of whoever got past `operation`. */
export function principalIn(c: { get(name: "principal"): Principal | undefined }): Principal {
  const principal = c.get("principal");
  if (principal === undefined) throw new ApiError("API_UNAUTHENTICATED", "got no access token that holds.");
  return principal;
}
