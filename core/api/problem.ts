/**
 * Refusals as the API answers them: `application/problem+json` (RFC 9457). Each has a stable `code` with a heading in
 * docs/errors.md, and says what was got, what was expected and what to do.
 */
import { z } from "@hono/zod-openapi";
import { PROBLEM_TYPE_PREFIX, type ProblemCode, PROBLEMS } from "./problems.ts";

/** One fault of a body or a parameter. */
export interface FaultAt {
  /** JSON Pointer into the body (RFC 6901), or the name of a parameter. */
  readonly pointer: string;
  readonly detail: string;
}

/** Told of one body: it may have one for each of its bytes. */
export const MOST_FAULTS = 50;

export const problemSchema = z
  .strictObject({
    type: z
      .string()
      .meta({ description: "Identifies the kind of problem", example: `${PROBLEM_TYPE_PREFIX}API_NOT_FOUND` }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: "What was got, what was expected, what to do" }),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    requestId: z.string().meta({ description: "By which the logs name the request" }),
    errors: z
      .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: `Faults of the body or of a parameter, the first ${MOST_FAULTS}` }),
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
    type: `${PROBLEM_TYPE_PREFIX}${code}`,
    ...PROBLEMS[code],
    detail,
    code,
    requestId,
    ...(errors !== undefined && { errors: [...errors] }),
    ...(differences !== undefined && { differences: [...differences] }),
  };
}
