/**
 * What travels of a trace: X-Ray's header on the row and in the message, W3C's `traceparent` to the merchant. Whether a
 * trace is sampled is decided once, by whoever begins it, and holds wherever it goes; one that is not sampled costs
 * nothing on its way. Header: X-Ray Developer Guide, "Tracing header"; `traceparent`: W3C Trace Context, level 1.
 */
import { hash, randomBytes } from "node:crypto";
import { quoted } from "../transaction/json-text.ts";

export interface Trace {
  /** `1-<epoch seconds, 8 hex digits>-<24 hex digits>`. */
  readonly root: string;
  /** Segment that comes before, 16 hex digits; the first hop of a trace has none. */
  readonly parent?: string;
  /** Undefined: nobody has decided yet. */
  readonly isSampled: boolean | undefined;
}

/** X-Ray's trace header: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`. */
const TRACE_HEADER = /^(?=.*\bRoot=1-[0-9a-f]{8}-[0-9a-f]{24}(;|$))\w+=[\w:?-]+(;\w+=[\w:?-]+)*$/;
const MAX_TRACE_HEADER_LENGTH = 256;
const ROOT = /(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/;
const PARENT = /(?:^|;)Parent=([0-9a-f]{16})(?:;|$)/;
const SAMPLED = /(?:^|;)Sampled=([01])(?:;|$)/;
const NOTHING_BUT_ZEROS = /^0*$/;
const SEGMENT_ID_BYTES = 8;
const ROOT_ID_DIGITS = 24;

/** SQS refuses a message with any other text as its trace header. */
export function isTraceHeader(text: string): boolean {
  return text.length <= MAX_TRACE_HEADER_LENGTH && TRACE_HEADER.test(text);
}

/** @returns undefined for what names no root, so that whatever a producer wrote breaks nothing */
export function parseTrace(header: string | undefined): Trace | undefined {
  const root = header === undefined ? undefined : ROOT.exec(header)?.[1];
  if (header === undefined || root === undefined) return undefined;
  const parent = PARENT.exec(header)?.[1];
  const sampled = SAMPLED.exec(header)?.[1];
  return {
    root,
    ...(parent !== undefined && { parent }),
    isSampled: sampled === undefined ? undefined : sampled === "1",
  };
}

/** By which a log line is found from the trace, and the trace from a log line. */
export function traceIdOf(header: string | undefined): string | undefined {
  return parseTrace(header)?.root;
}

/** In the form of `AWSTraceHeader`. */
export function traceHeader({ root, parent, isSampled }: Trace): string {
  const parts = [`Root=${root}`];
  if (parent !== undefined) parts.push(`Parent=${parent}`);
  if (isSampled !== undefined) parts.push(`Sampled=${isSampled ? 1 : 0}`);
  return parts.join(";");
}

/** For a merchant; undefined for a trace without anything before, or with ids that W3C forbids. */
export function traceparent({ root, parent, isSampled }: Trace): string | undefined {
  const traceId = root.slice(2).replace("-", "");
  if (parent === undefined || NOTHING_BUT_ZEROS.test(parent) || NOTHING_BUT_ZEROS.test(traceId)) return undefined;
  return `00-${traceId}-${parent}-0${isSampled === true ? 1 : 0}`;
}

export function newSegmentId(): string {
  return randomBytes(SEGMENT_ID_BYTES).toString("hex");
}

/** @param now epoch milliseconds */
export function newRoot(now: number): string {
  return rootOf(now, randomBytes(ROOT_ID_DIGITS / 2).toString("hex"));
}

/**
 * The root for a version that came without a trace. The same each time that it is asked for: a batch of the stream that
 * is repeated goes on with the trace that it began.
 *
 * @param writtenAt epoch milliseconds
 */
export function rootOfVersion(transactionId: string, version: number, writtenAt: number): string {
  const id = hash("sha256", `[${quoted(transactionId)},${version},${writtenAt}]`, "hex");
  return rootOf(writtenAt, id.slice(0, ROOT_ID_DIGITS));
}

function rootOf(at: number, id: string): string {
  const seconds = Math.floor(Math.max(0, at) / 1000);
  return `1-${seconds.toString(16).padStart(8, "0").slice(-8)}-${id}`;
}
