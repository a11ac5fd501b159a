/**
 * Why a name gave no address, in codes of its own: c-ares calls a resolver of ours that refuses to be asked
 * ECONNREFUSED, as a merchant's host that refuses a connection is called, and the two are the opposite of each other.
 * Which side is at fault is told with the code.
 */
import { PipelineError } from "../errors/pipeline-error.ts";

/**
 * `theirs`: a name server has said so. `ours`: no name server could be asked. `unclear`: other names show whose fault
 * it is.
 */
export type NameFault = "theirs" | "ours" | "unclear";

export type ResolveCode =
  | "RESOLVE_NO_ADDRESS"
  | "RESOLVE_FAILED"
  | "RESOLVE_REFUSED"
  | "RESOLVE_TIMEOUT"
  | "RESOLVE_UNREACHABLE";

interface Kind {
  readonly fault: NameFault;
  readonly said: string;
}

/** What is most likely ours comes last. */
const KINDS: Readonly<Record<ResolveCode, Kind>> = {
  RESOLVE_NO_ADDRESS: { fault: "theirs", said: "the name has no address" },
  RESOLVE_FAILED: { fault: "unclear", said: "the name's servers fail" },
  RESOLVE_REFUSED: { fault: "unclear", said: "the name servers refuse to answer for the name" },
  RESOLVE_TIMEOUT: { fault: "unclear", said: "the name servers do not answer for the name" },
  RESOLVE_UNREACHABLE: { fault: "ours", said: "our own name servers cannot be asked" },
};

const CODES = Object.keys(KINDS) as readonly ResolveCode[];

/** Codes of c-ares (ares.h); all others say that nothing could be asked. */
const OF_ARES: Readonly<Record<string, ResolveCode>> = {
  ENOTFOUND: "RESOLVE_NO_ADDRESS",
  ENODATA: "RESOLVE_NO_ADDRESS",
  EBADNAME: "RESOLVE_NO_ADDRESS",
  ESERVFAIL: "RESOLVE_FAILED",
  EFORMERR: "RESOLVE_FAILED",
  ENOTIMP: "RESOLVE_FAILED",
  EBADRESP: "RESOLVE_FAILED",
  EREFUSED: "RESOLVE_REFUSED",
  ETIMEOUT: "RESOLVE_TIMEOUT",
};

/** A name could not be resolved. */
export class ResolveError extends PipelineError {
  override readonly name = "ResolveError";
  readonly code: ResolveCode;

  constructor(code: ResolveCode, host: string, cause?: unknown) {
    const { code: detail } = (cause ?? {}) as { code?: string };
    super(`${host}: ${KINDS[code].said} (${detail === undefined ? code : `${code}: ${detail}`})`, { cause, host });
    this.code = code;
  }

  get fault(): NameFault {
    return KINDS[this.code].fault;
  }
}

/** @param error of c-ares */
export function resolveErrorOf(host: string, error: unknown): ResolveError {
  const { code = "" } = error as { code?: string };
  const known = Object.hasOwn(OF_ARES, code) ? OF_ARES[code] : undefined;
  return new ResolveError(known ?? "RESOLVE_UNREACHABLE", host, error);
}

/** Of several families the error that says least about the name: an address may be behind it. */
export function mostOurs(errors: readonly ResolveError[]): ResolveError | undefined {
  return errors.toSorted((one, other) => CODES.indexOf(other.code) - CODES.indexOf(one.code))[0];
}
