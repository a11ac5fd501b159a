/** A refusal that ends a request wherever it is noticed; the frame of the app answers it as a problem. */
import { PipelineError } from "../errors/pipeline-error.ts";
import type { ProblemDetails } from "./problem.ts";
import type { ProblemCode } from "./problems.ts";

export class ApiError extends PipelineError {
  override readonly name = "ApiError";
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    {
      headers = {},
      cause,
      ...details
    }: ProblemDetails & ErrorOptions & { headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail, cause === undefined ? {} : { cause });
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** The same words for what is not there and what is another's. @param what such as `transaction` */
export function notFound(what: string): ApiError {
  return new ApiError("API_NOT_FOUND", `There is no ${what} of this id that the access token may see.`);
}

/** @param parameter of the query or the path. @param detail what was got or expected, without a full stop */
export function invalidParameter(parameter: string, detail: string): ApiError {
  return new ApiError("API_PARAMETER_INVALID", `${parameter}: ${detail}.`, {
    errors: [{ pointer: parameter, detail }],
  });
}
