/**
 * Refusals as the API answers them: `application/problem+json` (RFC 9457). Each has a stable `code` with a heading in
 * docs/errors.md, and says what was got, what was expected and what to do.
 */
import { z } from "@hono/zod-openapi";

/** Code to status and title. */
export const PROBLEMS = {
  API_BODY_NOT_JSON: { status: 400, title: "The body is not JSON" },
  API_PARAMETER_INVALID: { status: 400, title: "A parameter cannot be used" },
  API_CURSOR_INVALID: { status: 400, title: "The cursor cannot be used" },
  API_UNAUTHENTICATED: { status: 401, title: "No access token that holds" },
  API_SCOPE_MISSING: { status: 403, title: "The access token lacks a scope" },
  API_TOKEN_NARROWED: { status: 403, title: "The access token is for one merchant" },
  API_NOT_FOUND: { status: 404, title: "There is no such thing" },
  API_METHOD_NOT_ALLOWED: { status: 405, title: "The method is not for this path" },
  API_TRANSACTION_CONFLICT: { status: 409, title: "The id was taken by another content" },
  API_MERCHANT_CONFLICT: { status: 409, title: "The merchant is not as it would have to be" },
  API_VERSION_CONFLICT: { status: 412, title: "The resource has another version" },
  API_BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  API_BODY_NOT_UNDERSTOOD: { status: 415, title: "The body has another type than JSON" },
  API_BODY_INVALID: { status: 422, title: "The body cannot be used" },
  API_VERSION_REQUIRED: { status: 428, title: "If-Match is missing" },
  API_TOO_MANY_REQUESTS: { status: 429, title: "Too many requests" },
  API_FAILED: { status: 500, title: "The request failed on our side" },
  API_UNAVAILABLE: { status: 503, title: "What the request needs cannot be reached just now" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof PROBLEMS;
export type ProblemStatus = (typeof PROBLEMS)[ProblemCode]["status"];

const TYPE_PREFIX = "urn:confirmation-pipeline:problem:";

/** One fault of a body or a parameter. */
export interface FaultAt {
  /** JSON Pointer into the body (RFC 6901), or the name of a parameter. */
  readonly pointer: string;
  readonly detail: string;
}

export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: "Identifies the kind of problem", example: `${TYPE_PREFIX}API_NOT_FOUND` }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: "What was got, what was expected, what to do" }),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    requestId: z.string().meta({ description: "By which the logs name the request" }),
    errors: z
      .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: "Each fault of the body or of a parameter" }),
    differences: z
      .array(z.string())
      .optional()
      .meta({ description: "Members that differ from what was accepted under the same id" }),
  })
  .openapi("Problem");

export type Problem = z.infer<typeof problemSchema>;

export interface ProblemDetails {
  readonly errors?: readonly FaultAt[];
  readonly differences?: readonly string[];
}

export function problemOf(
  code: ProblemCode,
  detail: string,
  requestId: string,
  { errors, differences }: ProblemDetails = {},
): Problem {
  return {
    type: `${TYPE_PREFIX}${code}`,
    ...PROBLEMS[code],
    detail,
    code,
    requestId,
    ...(errors !== undefined && { errors: [...errors] }),
    ...(differences !== undefined && { differences: [...differences] }),
  };
}
