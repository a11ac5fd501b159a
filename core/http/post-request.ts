/** A `POST` in one text, head and body, as it is written in one piece. */
import { Buffer } from "node:buffer";
import type { Request } from "./connection.ts";

/**
 * @param path path and query, in the spelling of the URL standard
 * @param headers lines, each with its CRLF; `content-length` is added
 */
export function postRequest(path: string, headers: string, body: string): Request {
  const bodyBytes = Buffer.byteLength(body);
  return {
    text: `POST ${path} HTTP/1.1\r\n${headers}content-length: ${bodyBytes}\r\n\r\n${body}`,
    // Heads are ASCII; a body is if each of its characters is one byte.
    isAscii: bodyBytes === body.length,
  };
}
