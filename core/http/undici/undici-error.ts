/** Errors of undici and of HTTP/2 as those of our own transport: whoever hears of them need not know who found them. */
import { constants } from "node:http2";
import { ClosedEarlyError } from "../connection.ts";
import { ResponseNotHttpError } from "../response-head.ts";
import { HeadTooLargeError } from "../response-parser.ts";
import { PipelineError } from "../../errors/pipeline-error.ts";

/** The server ended one request of an HTTP/2 connection. */
export class StreamResetError extends PipelineError {
  override readonly name = "StreamResetError";
  readonly code = "STREAM_RESET";
}

/** Of undici; all that say that the connection ended before the response was whole. */
const CLOSED = new Set([
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  "UND_ERR_DESTROYED",
  "UND_ERR_CLOSED",
]);
const NOT_HTTP = new Set(["bad response", "bad upgrade"]);
/** The other side had not read the request when it went away (RFC 9113, section 6.8). */
const GOING_AWAY = /^HTTP\/2: "GOAWAY" frame received/;
const ENDED = /^HTTP\/2: /;

interface Http2Error extends Error {
  readonly code?: string;
  readonly http2ErrorCode?: number;
}

export function ourErrorOf(error: Http2Error): Error {
  const { name, code = "", message, http2ErrorCode } = error;
  if (http2ErrorCode !== undefined && isOfStream(code))
    return new StreamResetError(`the request was reset by the server (${nameOf(http2ErrorCode)})`, { cause: error });
  if (name === "HTTPParserError")
    return new ResponseNotHttpError(`expected HTTP/1.1, got ${message}`, { cause: error });
  if (NOT_HTTP.has(message)) return new ResponseNotHttpError(`expected a final response, got ${message}`);
  if (code === "UND_ERR_HEADERS_OVERFLOW")
    return new HeadTooLargeError("the head of the answer has more than 16384 bytes", { cause: error });
  if (CLOSED.has(code) || GOING_AWAY.test(message) || ENDED.test(message))
    return new ClosedEarlyError("the connection was closed before the answer was whole", { cause: error });
  return error;
}

/** undici notes how a stream ended on whatever ended it, be it an alert of TLS or an error of the socket. */
function isOfStream(code: string): boolean {
  return code === "" || code.startsWith("ERR_HTTP2_") || code.startsWith("UND_ERR_");
}

/** Whether the server has said that it did nothing with the request (RFC 9113, section 8.7). */
export function isRefused({ message, http2ErrorCode }: Http2Error): boolean {
  return http2ErrorCode === constants.NGHTTP2_REFUSED_STREAM || GOING_AWAY.test(message);
}

/** Whether it says that the other side has closed the connection. */
export function isClosedByServer(error: Http2Error): boolean {
  const { code } = error;
  return code === "ECONNRESET" || code === "EPIPE" || ourErrorOf(error) instanceof ClosedEarlyError;
}

/** RFC 9113, section 7. */
const NAMES = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
];

function nameOf(code: number): string {
  return NAMES[code] ?? String(code);
}
