/** Answers of which ours is to make something else than undici, with the reason. */
import { CHUNKED, SMALL, begun, coded, lengthOf, withHeader } from "./responses.ts";

const FOLD = "section 5.2: a user agent must take a folded value for one with spaces instead of the fold";
const OWS = "RFC 9110, section 5.5: spaces and tabs around a value are no part of it";
const BWS = "section 7.1.1: spaces around the parts of an extension must be parsed";
const NOT_1 = "section 2.3: another protocol, or another major version of it";
const REASON = "section 4: a reason has no control characters";
const BEFORE =
  "only servers pass over empty lines (section 2.2); a connection with bytes before the answer is out of step";
const NO_BODY =
  "section 6.3, rule 1: 204 ends with its head, whatever its headers say; the connection is not used again";

/** By what they are to find out: the response, what ours makes of it, and why; RFC 9112 unless it says otherwise. */
export const DEVIATIONS: Readonly<Record<string, readonly [answer: string, "fails" | "is whole", why: string]>> = {
  "spaces and tabs around a value": [withHeader("x: \t  a \t b\t "), "is whole", OWS],
  "spaces around a length": [lengthOf(" 2 "), "is whole", OWS],
  "a value that is folded": [withHeader("x: a\r\n b"), "is whole", FOLD],
  "a value that is folded with a tab": [withHeader("x: a\r\n\tb"), "is whole", FOLD],
  "a value that is folded twice": [withHeader("x: a\r\n \r\n b"), "is whole", FOLD],
  "a length in the second line": [lengthOf("\r\n 2"), "is whole", FOLD],
  "chunked in the second line": [coded("transfer-encoding:\r\n chunked"), "is whole", FOLD],
  "a space before an extension": [`${CHUNKED}2 ;a\r\nok\r\n0\r\n\r\n`, "is whole", BWS],
  "a space within an extension": [`${CHUNKED}2; a = b\r\nok\r\n0\r\n\r\n`, "is whole", BWS],
  "a length in a trailer": [
    `${CHUNKED}2\r\nok\r\n0\r\ncontent-length: 2\r\n\r\n`,
    "is whole",
    "section 7.1.2 and RFC 9110, section 6.5.1: trailers are passed over, and say nothing of the length",
  ],
  "100 that nobody asked for": [
    `HTTP/1.1 100 Continue\r\n\r\n${SMALL}`,
    "is whole",
    "RFC 9110, section 15.2: interim answers are to be read, asked for or not",
  ],
  "204 with a length and chunks": [
    "HTTP/1.1 204 None\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n",
    "is whole",
    NO_BODY,
  ],
  "204 with a length below zero": ["HTTP/1.1 204 None\r\ncontent-length: -2\r\n\r\n", "is whole", NO_BODY],
  "HTTP/0.9": [begun("HTTP/0.9 200 OK"), "fails", NOT_1],
  "HTTP/2.0": [begun("HTTP/2.0 200 OK"), "fails", NOT_1],
  RTSP: [begun("RTSP/1.0 200 OK"), "fails", NOT_1],
  "a zero byte in the reason": [begun("HTTP/1.1 200 O\0K"), "fails", REASON],
  "a delete in the reason": [begun("HTTP/1.1 200 O\x7fK"), "fails", REASON],
  "an empty line before": [`\r\n${SMALL}`, "fails", BEFORE],
  "empty lines before": [`\r\n\r\n${SMALL}`, "fails", BEFORE],
  "a line feed before": [`\n${SMALL}`, "fails", BEFORE],
  "3,000 headers": [
    withHeader("a: b\r\n".repeat(3000).trimEnd()),
    "fails",
    "more than 16 KB of head; undici counts neither colons nor line ends",
  ],
};
