/**
 * The head of an HTTP/1.1 answer: status, headers, how long its body is, and whether the connection can be used again.
 * As strict as RFC 9112 lets a client be: what does not look like HTTP is refused, never guessed at.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */
import { PipelineError } from "../errors/pipeline-error.ts";

/** Names in lower case; a list for a header that came more than once. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Where the body ends: after so many bytes, with a last chunk, or with the connection. */
export type BodyEnd = { readonly kind: "length"; readonly bytes: number } | { readonly kind: "chunked" | "close" };

export interface ResponseHead {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly bodyEnd: BodyEnd;
  /**
   * Milliseconds that the server keeps the connection when idle: 0 for one that it closes, infinite where it says
   * nothing.
   */
  readonly keptMs: number;
}

/** What came is no response of HTTP/1.1. */
export class ResponseNotHttpError extends PipelineError {
  override readonly name = "ResponseNotHttpError";
  readonly code = "ANSWER_NOT_HTTP";
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const LENGTH = /^\d{1,15}$/;
const KEEP_ALIVE_SECONDS = /(?:^|[,; ])timeout=(\d{1,6})/i;
/** Answers without a body, whatever their headers say (RFC 9112, section 6.3). */
const WITHOUT_BODY = new Set([204, 304]);
const FIRST_FINAL_STATUS = 200;
const NO_BODY: BodyEnd = { kind: "length", bytes: 0 };
const SHOWN_CHARACTERS = 40;
const NOT_PRINTABLE = /[^\r\n\x20-\x7e]/g;

/** @param text latin1, without the empty line at its end. @throws ResponseNotHttpError */
export function parseHead(text: string): ResponseHead {
  const lines = text.split("\r\n");
  const statusLine = lines[0] ?? "";
  const [, minor, digits] = STATUS_LINE.exec(statusLine) ?? notHttp("a status line", statusLine);
  const status = Number(digits);
  const headers = parseHeaders(lines);
  const hasBody = status >= FIRST_FINAL_STATUS && !WITHOUT_BODY.has(status);
  return {
    status,
    headers,
    bodyEnd: hasBody ? bodyEndOf(headers) : NO_BODY,
    keptMs: keptMsOf(headers, minor === "1", hasBody),
  };
}

/** @param lines with the status line */
function parseHeaders(lines: readonly string[]): ResponseHeaders {
  const headers = Object.create(null) as Record<string, string | string[]>;
  let last: string | undefined;
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] as string;
    if (last !== undefined && isOws(line.charAt(0))) unfold(headers, last, valueOf(line, last));
    else {
      const [name, value] = parseHeader(line);
      const known = headers[name];
      if (known === undefined) headers[name] = value;
      else if (typeof known === "string") headers[name] = [known, value];
      else known.push(value);
      last = name;
    }
  }
  return headers;
}

/** @returns name, in lower case, and value. @throws ResponseNotHttpError */
export function parseHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(0, colon));
  return [nameOf(name, line), valueOf(line.slice(colon + 1), name)];
}

/** Names that came, by how they were written: the same few come again and again. Bounded, as anybody may send any. */
const knownNames = new Map<string, string>();
const MOST_KNOWN = { names: 500, characters: 64 } as const;

/** @returns it in lower case. @throws ResponseNotHttpError */
function nameOf(written: string, line: string): string {
  const known = knownNames.get(written);
  if (known !== undefined) return known;
  if (!HEADER_NAME.test(written)) notHttp("a header", written === "" ? line : written);
  const name = written.toLowerCase();
  // Copies: what is cut out of a head keeps the whole of it.
  if (knownNames.size < MOST_KNOWN.names && name.length <= MOST_KNOWN.characters)
    knownNames.set(copyOf(written), copyOf(name));
  return name;
}

function copyOf(ascii: string): string {
  return Buffer.from(ascii, "latin1").toString("latin1");
}

/** Values stay out of the message: they may be secrets. */
function valueOf(text: string, name: string): string {
  return HEADER_VALUE.test(text) ? withoutOws(text) : notHttp("no control characters in a header", name);
}

/**
 * A value that went on in the next line (RFC 9112, section 5.2).
 * @param more without spaces around it, as what is known is
 */
function unfold(headers: Record<string, string | string[]>, name: string, more: string): void {
  const known = headers[name];
  if (Array.isArray(known)) known.push(joined(known.pop() ?? "", more));
  else headers[name] = joined(known ?? "", more);
}

/** Neither is looked through: there may be thousands of lines. */
function joined(known: string, more: string): string {
  if (known === "" || more === "") return known + more;
  return `${known} ${more}`;
}

/**
 * Of spaces and tabs alone, where `trim` takes the no-break space too, which is a byte like any other (RFC 9110,
 * section 5.6.3).
 */
function withoutOws(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isOws(text.charAt(from))) from += 1;
  while (to > from && isOws(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

export function isOws(character: string): boolean {
  return character === " " || character === "\t";
}

export function bodyEndOf(headers: ResponseHeaders): BodyEnd {
  const coding = headers["transfer-encoding"];
  const length = headers["content-length"];
  if (coding !== undefined) {
    // Two lengths for one body are how requests and answers are smuggled (RFC 9112, section 6.3).
    if (length !== undefined)
      notHttp("one length", `transfer-encoding: ${String(coding)}, content-length: ${String(length)}`);
    // Whatever else was done to it, it ends with its last chunk, or else with the connection.
    return { kind: wordsOf(coding).at(-1) === "chunked" ? "chunked" : "close" };
  }
  if (length === undefined) return { kind: "close" };
  if (typeof length !== "string" || !LENGTH.test(length)) notHttp("one content-length", String(length));
  return { kind: "length", bytes: Number(length) };
}

/** @param isKeptByDefault as HTTP/1.1 has it. @returns milliseconds, as `ResponseHead` has them */
export function keptMsOf(headers: ResponseHeaders, isKeptByDefault: boolean, hasBody: boolean): number {
  const connection = headers["connection"] === undefined ? [] : wordsOf(headers["connection"]);
  const isKept = (isKeptByDefault || connection.includes("keep-alive")) && !connection.includes("close");
  if (!isKept || !isInStep(headers, isKeptByDefault, hasBody)) return 0;
  const keepAlive = headers["keep-alive"];
  const seconds = keepAlive === undefined ? undefined : KEEP_ALIVE_SECONDS.exec(String(keepAlive))?.[1];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000;
}

/**
 * Whether the other side surely sees the same end of the response as we do: not where it tells of a body that it must
 * not send, codes one in more ways than by chunks, or does so in HTTP/1.0, which knows no codings (RFC 9112, section
 * 6.1).
 */
function isInStep(headers: ResponseHeaders, knowsCodings: boolean, hasBody: boolean): boolean {
  const coding = headers["transfer-encoding"];
  if (!hasBody) return coding === undefined && Number(headers["content-length"] ?? 0) === 0;
  return coding === undefined || (knowsCodings && typeof coding === "string" && coding.toLowerCase() === "chunked");
}

function wordsOf(value: string | readonly string[]): string[] {
  // Nearly always it is one.
  if (typeof value === "string" && !value.includes(",")) return [withoutOws(value).toLowerCase()];
  return String(value)
    .split(",")
    .map((word) => withoutOws(word).toLowerCase());
}

export function notHttp(expected: string, got: string): never {
  const shown = got.slice(0, SHOWN_CHARACTERS).replace(NOT_PRINTABLE, "?");
  throw new ResponseNotHttpError(`expected ${expected}, got ${JSON.stringify(shown)}`);
}
