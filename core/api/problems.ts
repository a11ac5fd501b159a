/** Codes of the API's refusals, each with its status and title; docs/errors.md has a heading for each. */

export const PROBLEM_TYPE_PREFIX = "urn:confirmation-pipeline:problem:";

/** Code to status and title. */
export const PROBLEMS = {
  API_BODY_NOT_JSON: { status: 400, title: "The body is not JSON" },
  API_PARAMETER_INVALID: { status: 400, title: "A parameter cannot be used" },
  API_CURSOR_INVALID: { status: 400, title: "The cursor cannot be used" },
  API_UNAUTHENTICATED: { status: 401, title: "No access token that holds" },
  API_SCOPE_MISSING: { status: 403, title: "The access token lacks a scope" },
  API_REQUEST_BLOCKED: { status: 403, title: "The request was blocked on its way" },
  API_TOKEN_NARROWED: { status: 403, title: "The access token is for one merchant" },
  API_NOT_FOUND: { status: 404, title: "There is no such thing" },
  API_METHOD_NOT_ALLOWED: { status: 405, title: "The method is not for this path" },
  API_TRANSACTION_CONFLICT: { status: 409, title: "The id was taken by another content" },
  API_MERCHANT_CONFLICT: { status: 409, title: "The merchant is not as it would have to be" },
  API_REDELIVERY_CONFLICT: { status: 409, title: "The redelivery is not in a state for that" },
  API_ACKNOWLEDGEMENT_CONFLICT: { status: 409, title: "The transaction is not as it was sent, or was not sent yet" },
  API_TEMPLATE_CONFLICT: { status: 409, title: "The template is not as it would have to be" },
  API_RESYNC_CONFLICT: { status: 409, title: "The resync is not in a state for that" },
  API_RESTORE_CONFLICT: { status: 409, title: "The restore is not in a state for that" },
  API_IMPORT_CONFLICT: { status: 409, title: "The import is not in a state for that" },
  API_ERASURE_CONFLICT: { status: 409, title: "The transaction cannot be erased yet" },
  API_EXPORT_CONFLICT: { status: 409, title: "The export is not in a state for that" },
  API_EVENTS_OFF: { status: 409, title: "There are no events" },
  API_VERSION_CONFLICT: { status: 412, title: "The resource has another version" },
  API_BODY_TOO_LARGE: { status: 413, title: "The body is too large" },
  API_BODY_NOT_UNDERSTOOD: { status: 415, title: "The body has another type than JSON" },
  API_FILE_REFUSED: { status: 422, title: "The file cannot be imported" },
  API_BODY_INVALID: { status: 422, title: "The body cannot be used" },
  API_VERSION_REQUIRED: { status: 428, title: "If-Match is missing" },
  API_TOO_MANY_REQUESTS: { status: 429, title: "Too many requests" },
  API_FAILED: { status: 500, title: "The request failed on our side" },
  API_UNAVAILABLE: { status: 503, title: "What the request needs cannot be reached just now" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof PROBLEMS;
export type ProblemStatus = (typeof PROBLEMS)[ProblemCode]["status"];
