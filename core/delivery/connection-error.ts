/**
 * What went wrong before there was a whole response, in one line for a person; the code of the system or of OpenSSL
 * stays with it.
 */
import { ResponseNotHttpError } from "../http/response-head.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import { ProxyUnusableError } from "../http/proxy-way.ts";
import { type OpeningPhase, openingTimeout } from "../http/dial.ts";
import { redact } from "./redact.ts";
import { ResolveError } from "./resolve-error.ts";
import { tlsSentence } from "./tls-error.ts";
import { errorLine } from "../errors/error-fields.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

const MAX_ERROR_LENGTH = 300;
/** Line ends, and whatever could deceive whoever prints it. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001F\u007F-\u009F]{1,100}/g;
const NOT_OPEN = "its connection was not open";

const SAID: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused: nothing listens there",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed while the request was sent",
  EHOSTUNREACH: "its host cannot be reached",
  ENETUNREACH: "its network cannot be reached",
  ETIMEDOUT: "its host does not answer",
  CLOSED_EARLY: "the connection was closed before the answer was whole",
  HEAD_TOO_LARGE: "the headers of the answer are too large",
};

/** What an attempt was at when its deadline came, once its connection was open. */
const WAITED_FOR = {
  sending: "the request could not be sent to its end",
  waiting: "the request was sent, and nothing of an answer came",
  head: "an answer began, and its headers did not end",
  body: "the headers of an answer came, and its body did not end",
} as const;

export type ResponsePhase = keyof typeof WAITED_FOR;

/** One deadline covers the whole of an attempt. */
export class DeadlineError extends PipelineError {
  override readonly name = "DeadlineError";
  readonly code = "DEADLINE_PASSED";

  /** @param phase undefined where there was no connection yet */
  constructor(deadlineMs: number, phase?: ResponsePhase) {
    super(`no complete answer within ${deadlineMs} ms: ${phase === undefined ? NOT_OPEN : WAITED_FOR[phase]}`);
  }
}

/** @param phase how far the opening of its connection had come */
export function openingDeadlineError(deadlineMs: number, origin: string, phase: OpeningPhase): Error {
  const { hostname, host } = new URL(origin);
  return phase === "resolving"
    ? new ResolveError("RESOLVE_TIMEOUT", hostname)
    : openingTimeout(phase, host, deadlineMs);
}

const REFUSED = new Set(["DESTINATION_REFUSED", "DESTINATION_PORT_REFUSED"]);
const TIMEOUTS = new Set<string | undefined>(["CONNECTED_LATE", "CONNECT_TIMEOUT", "TLS_TIMEOUT", "RESOLVE_TIMEOUT"]);

export function outcomeOfError(error: unknown): Extract<AttemptOutcome, { kind: "failed" }> {
  const { code, message } = error as { code?: string; message?: string };
  const said = sentenceOf(error, code, message ?? "") ?? redact(message || code || errorLine(error));
  const text = said.slice(0, MAX_ERROR_LENGTH).replace(CONTROL, " ").trim();
  if (code !== undefined && REFUSED.has(code)) return { kind: "failed", class: "refused", error: text };
  const isTimeout = error instanceof DeadlineError || TIMEOUTS.has(code);
  const hasNoListener = code === "ECONNREFUSED" && ({ hasNoListener: true } as const);
  const nameFault = error instanceof ResolveError && { nameFault: error.fault };
  const proxyFault = error instanceof ProxyUnusableError && ({ proxyFault: true } as const);
  const failureClass = isTimeout ? "timeout" : "connection";
  return { kind: "failed", class: failureClass, error: text, ...hasNoListener, ...nameFault, ...proxyFault };
}

function sentenceOf(error: unknown, code: string | undefined, message: string): string | undefined {
  if (error instanceof ResponseNotHttpError) return `the answer is not HTTP: ${redact(error.message)}`;
  if (code === undefined) return undefined;
  return tlsSentence(code, message) ?? (Object.hasOwn(SAID, code) ? `${SAID[code]} (${code})` : undefined);
}
