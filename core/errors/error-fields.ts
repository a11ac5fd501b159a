/**
 * An error as data: what of it may stand in a log line or in a text. Only what is named here is taken, name, code,
 * class, ids, message and causes, so that rows, requests and responses that hang on an error are never written down;
 * what texts may hold is taken out when the line is printed (`core/telemetry/log-fields.ts`).
 */
import { isNativeError } from "node:util/types";
import { PipelineError, type ErrorIds } from "./pipeline-error.ts";

/** Causes that are followed: an error may be its own cause. */
const MAX_CAUSES = 5;
/** Of an error that stands for several. */
const MAX_ERRORS = 3;
/** Of a stack, with the line of the message. */
const MAX_STACK_LINES = 6;

export interface ErrorFields extends ErrorIds {
  readonly name: string;
  readonly code?: string | number;
  /** The class, where it has another name than the error. */
  readonly class?: string;
  readonly message: string;
  /** By which AWS finds the call. */
  readonly requestId?: string;
  readonly status?: number;
  /** Whose fault it is as AWS sees it: `client` or `server`. */
  readonly fault?: string;
  /** Of one that nobody foresaw: neither of the product, nor of the system, nor of AWS. */
  readonly stack?: string;
  readonly cause?: ErrorFields;
  readonly errors?: readonly ErrorFields[];
}

/** @param error whatever was thrown */
export function errorFields(error: unknown): ErrorFields {
  return fieldsOf(error, MAX_CAUSES);
}

/** The ids of an error and of all that led to it; the outermost has the last word. */
export function errorIds(error: unknown): ErrorIds {
  const chain = causesOf(error).filter((one) => one instanceof PipelineError);
  return Object.assign({}, ...chain.toReversed().map(({ ids }) => ids)) as ErrorIds;
}

/** One line: `Name CODE: message, caused by Name CODE: message`. For results that say with a text what went wrong. */
export function errorLine(error: unknown): string {
  return causesOf(error).map(lineOf).join(", caused by ");
}

/** Of what is no error, a stack perhaps, the first line alone. */
function lineOf(error: unknown): string {
  if (!isError(error)) return String(error).split("\n", 1)[0] as string;
  const code = codeOf(error);
  const text = code === undefined ? String(error) : `${error.name} ${code}: ${error.message}`;
  return text.replaceAll(/\s*\n\s*/g, " ");
}

function causesOf(error: unknown): unknown[] {
  const causes = [error];
  for (let last = error; isError(last) && last.cause !== undefined && causes.length <= MAX_CAUSES;) {
    last = last.cause;
    causes.push(last);
  }
  return causes;
}

/** Also one of another realm, and a `DOMException`, as an aborted signal gives. */
function isError(thrown: unknown): thrown is Error {
  return isNativeError(thrown) || thrown instanceof Error;
}

function fieldsOf(error: unknown, causesLeft: number): ErrorFields {
  if (!isError(error)) return { name: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const code = codeOf(error);
  const fromAws = awsFieldsOf(error);
  const isForeseen = code !== undefined || fromAws !== undefined;
  return {
    name,
    ...(code !== undefined && { code }),
    ...(error.constructor.name !== name && { class: error.constructor.name }),
    message,
    ...(error instanceof PipelineError && error.ids),
    ...fromAws,
    ...(!isForeseen && stack !== undefined && { stack: stack.split("\n").slice(0, MAX_STACK_LINES).join("\n") }),
    ...(cause !== undefined && causesLeft > 0 && { cause: fieldsOf(cause, causesLeft - 1) }),
    ...(error instanceof AggregateError &&
      causesLeft > 0 && { errors: error.errors.slice(0, MAX_ERRORS).map((one) => fieldsOf(one, causesLeft - 1)) }),
  };
}

/** That of the product, of Node or of the system. */
function codeOf(error: unknown): string | number | undefined {
  const { code } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown };
  return typeof code === "string" || typeof code === "number" ? code : undefined;
}

function awsFieldsOf(error: Error): Pick<ErrorFields, "requestId" | "status" | "fault"> | undefined {
  const { $metadata, $fault } = error as {
    readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
    readonly $fault?: string;
  };
  if ($metadata === undefined) return undefined;
  const { requestId, httpStatusCode: status } = $metadata;
  return {
    ...(requestId !== undefined && { requestId }),
    ...(status !== undefined && { status }),
    ...($fault !== undefined && { fault: $fault }),
  };
}
