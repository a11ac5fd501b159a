/**
 * The head of an HTTP/1.1 answer: status, headers, how long its body is, and whether the connection can be used again. As strict as RFC 9112
 * lets a client be: what does not look like HTTP is refused, never guessed at.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */

/** Names in lower case; a list for a header that came more than once. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Where the body ends: after so many bytes, with a last chunk, or with the connection. */
export type BodyEnd = { readonly kind: "length"; readonly bytes: number } | { readonly kind: "chunked" | "close" };

export interface AnswerHead {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly bodyEnd: BodyEnd;
  /** Milliseconds that the server keeps the connection when idle: 0 for one that it closes, infinite where it says nothing. */
  readonly keptMs: number;
}

/** What came is no answer of HTTP/1.1. */
export class AnswerNotHttpError extends Error {
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

/** @param text latin1, without the empty line at its end. @throws AnswerNotHttpError */
export function parseHead(text: string): AnswerHead {
  const [statusLine = "", ...lines] = text.split("\r\n");
  const [, minor, digits] = STATUS_LINE.exec(statusLine) ?? notHttp("a status line", statusLine);
  const status = Number(digits);
  const headers = parseHeaders(lines);
  return {
    status,
    headers,
    bodyEnd: status < FIRST_FINAL_STATUS || WITHOUT_BODY.has(status) ? NO_BODY : bodyEndOf(headers),
    keptMs: keptMsOf(headers, minor === "1"),
  };
}

function parseHeaders(lines: readonly string[]): AnswerHeaders {
  const headers = Object.create(null) as Record<string, string | string[]>;
  let last: string | undefined;
  for (const line of lines) {
    const isFolded = last !== undefined && (line.startsWith(" ") || line.startsWith("\t"));
    const colon = isFolded ? -1 : line.indexOf(":");
    const name = isFolded ? (last as string) : line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) notHttp("a header", line);
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else if (isFolded) headers[name] = unfold(known, value);
    else headers[name] = typeof known === "string" ? [known, value] : [...known, value];
    last = name;
  }
  return headers;
}

/** A value that went on in the next line (RFC 9112, section 5.2). */
function unfold(known: string | string[], more: string): string | string[] {
  return typeof known === "string" ? `${known} ${more}` : [...known.slice(0, -1), `${known.at(-1) ?? ""} ${more}`];
}

function bodyEndOf(headers: AnswerHeaders): BodyEnd {
  const coding = headers["transfer-encoding"];
  const length = headers["content-length"];
  if (coding !== undefined) {
    // Two lengths for one body are how requests and answers are smuggled (RFC 9112, section 6.3).
    if (length !== undefined)
      notHttp("one length", `transfer-encoding: ${String(coding)}, content-length: ${String(length)}`);
    return { kind: wordsOf(coding).at(-1) === "chunked" ? "chunked" : "close" };
  }
  if (length === undefined) return { kind: "close" };
  if (typeof length !== "string" || !LENGTH.test(length)) notHttp("one content-length", String(length));
  return { kind: "length", bytes: Number(length) };
}

function keptMsOf(headers: AnswerHeaders, isKeptByDefault: boolean): number {
  const connection = headers["connection"] === undefined ? [] : wordsOf(headers["connection"]);
  const isKept = isKeptByDefault ? !connection.includes("close") : connection.includes("keep-alive");
  if (!isKept) return 0;
  const seconds = KEEP_ALIVE_SECONDS.exec(String(headers["keep-alive"] ?? ""))?.[1];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000;
}

function wordsOf(value: string | readonly string[]): string[] {
  return String(value)
    .split(",")
    .map((word) => word.trim().toLowerCase());
}

export function notHttp(expected: string, got: string): never {
  throw new AnswerNotHttpError(`expected ${expected}, got ${JSON.stringify(got.slice(0, SHOWN_CHARACTERS))}`);
}
