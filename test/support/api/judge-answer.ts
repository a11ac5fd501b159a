/**
 * What an answer has to be, by the document alone: its status is listed, its headers are there, its body is of the
 * schema; what the document calls valid is not refused, and what it calls invalid is. @see named-rules.ts
 */
import { type Conformance, conformanceOf, SchemaValidator } from "./conformance.ts";
import { type ApiDescription, type DescribedOperation, operationAt } from "./described-operations.ts";
import { ANSWERS_EACH, NAMED_RULES } from "./named-rules.ts";
import type { Answer, SentRequest } from "./request-plan.ts";

const ALWAYS_THERE = ["cache-control", "strict-transport-security", "x-content-type-options"];
const BY_STATUS: Readonly<Record<number, string>> = { 401: "www-authenticate", 405: "allow", 503: "retry-after" };
const PROBLEM = "application/problem+json";
const PROBLEM_SCHEMA = { $ref: "#/components/schemas/Problem" };

interface ProblemBody {
  readonly type: string;
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

export class AnswerJudge {
  readonly #api: ApiDescription;
  readonly #validator: SchemaValidator;

  constructor(api: ApiDescription) {
    this.#api = api;
    this.#validator = new SchemaValidator(api);
  }

  faultsOf(request: SentRequest, answer: Answer): string[] {
    const { pathname } = new URL(request.target, "http://x");
    const method = request.method === "HEAD" ? "GET" : request.method;
    const found = operationAt(this.#api, method, pathname);
    const faults = [...ofHeaders(answer), ...this.#ofProblem(answer, request.method === "HEAD")];
    if (answer.status >= 500) faults.push(`status ${answer.status}`);
    if (found === undefined) {
      // Who shows no token is not told what there is.
      const isUnasked = request.bearer === null && answer.status === 401;
      if (answer.status !== 404 && answer.status !== 405 && !isUnasked)
        faults.push(`${answer.status} for a path that is none`);
      return faults;
    }
    const { operation } = found;
    faults.push(...this.#ofDescribed(operation, answer, request.method === "HEAD"));
    const conformance = conformanceOf(found, request, this.#validator);
    faults.push(...ofAccess(operation, request, answer, conformance));
    if (conformance === "invalid" && answer.status < 400 && !ANSWERS_EACH.has(operation.operationId))
      faults.push(`${answer.status} for what the document does not allow`);
    if (conformance === "valid" && mayAll(operation, request)) faults.push(...ofValid(answer));
    return faults;
  }

  #ofDescribed({ operationId, responses }: DescribedOperation, answer: Answer, isHead: boolean): string[] {
    const described = responses[String(answer.status)];
    if (described === undefined)
      return [`status ${answer.status}, which the document does not list for ${operationId}`];
    const faults: string[] = [];
    for (const [name, { required = false }] of Object.entries(described.headers ?? {}))
      if (required && !answer.headers.has(name)) faults.push(`${answer.status} without the header ${name}`);
    const given = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
    const { content = {} } = described;
    if (isHead) return faults;
    if (Object.keys(content).length === 0) {
      if (answer.text !== "") faults.push(`${answer.status} with a body`);
      return faults;
    }
    const schema = content[given]?.schema;
    if (schema === undefined)
      return [...faults, `${answer.status} as ${given}, expected ${Object.keys(content).join()}`];
    const value: unknown = given.endsWith("json") ? parsed(answer.text) : answer.text;
    const fault = this.#validator.faultOf(schema, value);
    return fault === undefined
      ? faults
      : [...faults, `${answer.status} with another body than the document has: ${fault}`];
  }

  /** Also where no operation is. */
  #ofProblem({ status, headers, text }: Answer, isHead: boolean): string[] {
    if (status < 400 || isHead) return [];
    const type = headers.get("content-type") ?? "";
    if (type !== PROBLEM) return [`${status} as ${type}, expected a problem: ${text.slice(0, 200)}`];
    const problem = parsed(text) as ProblemBody;
    const fault = this.#validator.faultOf(PROBLEM_SCHEMA, problem);
    const faults = fault === undefined ? [] : [`a problem that is none: ${fault}`];
    if (problem.status !== status) faults.push(`status ${status} with ${problem.status} in its body`);
    if (!problem.type?.endsWith(problem.code)) faults.push(`type ${problem.type} with the code ${problem.code}`);
    if (problem.requestId !== requestIdOf(headers)) faults.push("another request id than in the header");
    return faults;
  }
}

function ofHeaders({ status, headers }: Answer): string[] {
  const faults = requestIdOf(headers) === undefined ? [`${status} without the id of the request`] : [];
  const missing = ALWAYS_THERE.filter((name) => !headers.has(name)).map(
    (name) => `${status} without the header ${name}`,
  );
  faults.push(...missing);
  const wanted = BY_STATUS[status];
  if (wanted !== undefined && !headers.has(wanted)) faults.push(`${status} without the header ${wanted}`);
  if (headers.has("access-control-allow-origin")) faults.push("it lets other origins in");
  return faults;
}

/** API Gateway's own answers have its own header. */
function requestIdOf(headers: Headers): string | undefined {
  return headers.get("x-request-id") ?? headers.get("x-amzn-requestid") ?? undefined;
}

function mayAll({ scopes }: DescribedOperation, { bearer }: SentRequest): boolean {
  if (scopes.length === 0) return true;
  return bearer !== null && bearer.merchantId === undefined && scopes.some((scope) => bearer.scopes.includes(scope));
}

/** `.` and `..` are no names in a path (RFC 3986, 5.2.4): what is asked for then is another path, or none. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i;

/** A body that is none may be told before it is known who sends it. */
const BEFORE_ACCESS = new Set([400, 413, 415]);

function ofAccess(
  operation: DescribedOperation,
  { bearer, target }: SentRequest,
  { status }: Answer,
  is: Conformance,
): string[] {
  const { scopes } = operation;
  if (scopes.length === 0 || (status === 404 && DOT_SEGMENT.test(target))) return [];
  const expected = bearer === null ? 401 : scopes.some((scope) => bearer.scopes.includes(scope)) ? undefined : 403;
  if (expected === status || (is !== "valid" && BEFORE_ACCESS.has(status))) return [];
  if (expected !== undefined) return [`${status}, expected ${expected} for such a token`];
  return status === 401 || (status === 403 && bearer?.merchantId === undefined)
    ? [`${status} for a token that holds`]
    : [];
}

function ofValid({ status, text }: Answer): string[] {
  if (text === "" || ![400, 405, 413, 415, 422, 428].includes(status)) return [];
  const { code, errors = [] } = parsed(text) as ProblemBody;
  if (code === "API_CURSOR_INVALID") return [];
  const unnamed = errors.filter(
    ({ pointer, detail }) =>
      !NAMED_RULES.some(
        (rule) => rule.code === code && (rule.pointer ?? /^/).test(pointer) && rule.detail.test(detail),
      ),
  );
  if (errors.length > 0 && unnamed.length === 0) return [];
  const told = unnamed.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; ");
  return [`${status} ${code} for what the document calls valid (${told.slice(0, 400)})`];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
