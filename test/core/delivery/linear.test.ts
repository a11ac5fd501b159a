/**
 * Whatever merchants send is looked at in a time that grows evenly with it. Sixteen times as much takes about as many
 * times as long, and 256 times where each place is tried against each other; the bound lies far from both.
 */
import { describe, expect, it } from "@jest/globals";
import { outcomeOf } from "../../../core/delivery/response-outcome.ts";
import { withoutCutEnd } from "../../../core/delivery/response-text.ts";
import { parseHttpDate } from "../../../core/http/http-date.ts";
import { redactEach } from "../../../core/delivery/redact.ts";
import { parseRetryAfter } from "../../../core/retry/retry-after.ts";
import { parseHead } from "../../../core/http/response-head.ts";
import { ResponseParser } from "../../../core/http/response-parser.ts";

const BYTES = { few: 8192, many: 131_072 } as const;
const MOST_TIMES = 80;
/** Below it one measures what else the machine is at. */
const LEAST_MS = 10;
/** Each is repeated to the length; what stands before and behind it does not count. */
const UNITS = [
  ..."a1-_.@ \t\r\n,;:=/+%\"'<>()[]{}\\\u0000éx".split(""),
  ..."a. a@ a- 1- eyJ -eyJ .eyJ eyJaaaaaaaa- a@a. @a. sk_ -sk_ token= token:[ bearer  bearer:a password"
    .split(" ")
    .filter((unit) => unit !== ""),
  "1 ",
  "1 1-",
  "11 ",
  "bearer ",
  "basic          ",
  "token   ",
  'secret"   =   "[',
  "AKIA",
  "Sun, ",
  "1,",
  "x:y\r\n",
  "\r\n ",
  "a\r\n ",
];
const AROUND: [before: string, after: string][] = [
  ["", ""],
  ["eyJ", " "],
  ["1", "\u0000"],
];

function msOf(work: (text: string) => unknown, text: string): number {
  const startedAt = performance.now();
  work(text);
  return performance.now() - startedAt;
}

/** @returns an input whose time grows out of proportion */
function outOfProportion(work: (text: string) => unknown): string | undefined {
  for (const unit of UNITS)
    for (const [before, after] of AROUND) {
      const of = (bytes: number) => before + unit.repeat(Math.ceil(bytes / unit.length)) + after;
      const isOut = () => msOf(work, of(BYTES.many)) > MOST_TIMES * Math.max(LEAST_MS, msOf(work, of(BYTES.few)));
      // The machine may have been at something else meanwhile, but not each time.
      if (isOut() && isOut() && isOut()) return JSON.stringify([before, unit, after]);
    }
  return undefined;
}

/** Errors are outcomes here. */
const tolerant = (work: (text: string) => unknown) => (text: string) => {
  try {
    return work(text);
  } catch (error) {
    return error;
  }
};

describe("what merchants send takes a time that grows evenly with it", () => {
  it.each<[string, (text: string) => unknown]>([
    ["redaction", redactEach],
    ["the end of what was cut", withoutCutEnd],
    ["Retry-After", (text) => parseRetryAfter([text, text], text, 0)],
    ["a date", (text) => parseHttpDate(text, 0)],
    ["headers that mean something", (text) => outcomeOf(503, { "webhook-delivery": text, "retry-after": text }, 0)],
    ["a header", tolerant((text) => parseHead(`HTTP/1.1 200 OK\r\nconnection: ${text}`))],
    ["headers", tolerant((text) => parseHead(`HTTP/1.1 200 OK\r\nx: ${text}`))],
    ["a keep-alive", tolerant((text) => parseHead(`HTTP/1.1 200 OK\r\nkeep-alive: ${text}`))],
    ["a status line", tolerant((text) => parseHead(`HTTP/1.1 200 ${text}`))],
    ["a size of a chunk", (text) => sizes(text)],
    ["an extension of a chunk", (text) => sizes(`1;a${text}`)],
  ])("%s", (_, work) => {
    expect(outOfProportion(work)).toBeUndefined();
  });
});

/** As many lines as make up the text, each as long as any may be. */
function sizes(text: string): void {
  for (let at = 0; at < text.length; at += 1000) {
    const reader = new ResponseParser();
    reader.expect(1e9);
    const bytes = Buffer.from(
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${text.slice(at, at + 1000)}\r\n`,
      "latin1",
    );
    const listener = { onHead: () => undefined, onData: () => undefined, onCut: () => undefined };
    tolerant(() => reader.read(bytes, bytes.length, listener, () => true))("");
  }
}
