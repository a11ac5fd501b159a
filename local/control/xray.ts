/**
 * X-Ray as it is asked for traces, from the documents that this machine's daemon was sent: `BatchGetTraces` by id, and
 * `GetTraceSummaries` by annotations. Other filter expressions are refused by name.
 */
import { isObject } from "../assembly/template.ts";
import { type Document, textIn } from "../tracing/document-faults.ts";
import type { KeptDocument } from "../tracing/trace-file.ts";
import { type Call, type ControlResponse, type Input, refusal } from "./protocols.ts";

const MAX_IDS = 5;
/** X-Ray refuses more: "Time range cannot be longer than 6 hours". */
const MAX_RANGE_SECONDS = 6 * 3600;
const CONDITION = /^annotation(?:\.(\w+)|\[(\w+)\])\s*=\s*("(?:[^"\\]|\\.)*"|[\d.]+|true|false)$/;

/** @returns undefined for what is no request of X-Ray's */
export function respondAsXray(
  { method, url, input }: Pick<Call, "method" | "url" | "input">,
  kept: KeptTraces,
): ControlResponse | undefined {
  if (method !== "POST") return undefined;
  if (url.pathname === "/Traces") return batchGetTraces(input, kept);
  return url.pathname === "/TraceSummaries" ? getTraceSummaries(input, kept) : undefined;
}

/** @param naming documents that have one of these texts somewhere. @default all */
export type KeptTraces = (naming?: readonly string[]) => readonly KeptDocument[];

type Traces = ReadonlyMap<string, readonly Document[]>;

function tracesIn(kept: readonly KeptDocument[]): Traces {
  const taken = kept.flatMap(({ document, faults }) => (document === undefined || faults.length > 0 ? [] : [document]));
  return Map.groupBy(taken, (document) => textIn(document, "trace_id"));
}

function batchGetTraces({ TraceIds }: Input, kept: KeptTraces): ControlResponse {
  if (!Array.isArray(TraceIds) || TraceIds.length === 0 || TraceIds.length > MAX_IDS)
    return invalid(`TraceIds: expected 1 to ${MAX_IDS}, got ${Array.isArray(TraceIds) ? TraceIds.length : "none"}`);
  const traceIds = [...new Set(TraceIds.map(String))];
  const traces = tracesIn(kept(traceIds));
  const found = traceIds.flatMap((Id) => {
    const documents = traces.get(Id);
    if (documents === undefined) return [];
    const Segments = documents.map((one) => ({ Id: textIn(one, "id"), Document: JSON.stringify(one) }));
    return [{ Id, Duration: durationOf(documents), LimitExceeded: false, Segments }];
  });
  return { status: 200, body: { Traces: found, UnprocessedTraceIds: [] } };
}

function getTraceSummaries(input: Input, kept: KeptTraces): ControlResponse {
  const [from, to] = [secondsOf(input["StartTime"]), secondsOf(input["EndTime"])];
  if (from === undefined || to === undefined || to < from) return invalid("StartTime and EndTime: expected two times");
  if (to - from > MAX_RANGE_SECONDS) return invalid("Time range cannot be longer than 6 hours");
  const expression = typeof input["FilterExpression"] === "string" ? input["FilterExpression"] : "";
  const conditions = expression.trim() === "" ? [] : expression.split(/\s+AND\s+/i).map(conditionOf);
  if (conditions.includes(undefined))
    return invalid(`FilterExpression: only annotation.<name> = <value>, joined by AND, is known here: ${expression}`);
  const named = conditions.flatMap((condition) => (typeof condition?.value === "string" ? condition.value : []));
  const hits = tracesIn(kept(named.length > 0 ? named : undefined));
  // All documents of what was found, of which not each has the annotation.
  const traces = named.length > 0 ? tracesIn(kept([...hits.keys()])) : hits;
  const isByStart = (input["TimeRangeType"] ?? "TraceId") === "TraceId";
  const found = [...traces].filter(([, documents]) => {
    const times = isByStart ? [startOf(documents)] : documents.map(endOf);
    const isIn = times.some((time) => time >= from && time <= to);
    return isIn && conditions.every((condition) => documents.some((one) => holds(condition as Condition, one)));
  });
  const TraceSummaries = found
    .toSorted(([, one], [, other]) => startOf(other) - startOf(one))
    .map(([Id, documents]) => ({
      Id,
      StartTime: startOf(documents),
      Duration: durationOf(documents),
      HasFault: has(documents, "fault"),
      HasError: has(documents, "error"),
      HasThrottle: has(documents, "throttle"),
    }));
  return { status: 200, body: { TraceSummaries, ApproximateTime: to, TracesProcessedCount: traces.size } };
}

interface Condition {
  readonly name: string;
  readonly value: unknown;
}

function conditionOf(text: string): Condition | undefined {
  const [, dotted, bracketed, literal] = CONDITION.exec(text.trim()) ?? [];
  const name = dotted ?? bracketed;
  return name === undefined || literal === undefined ? undefined : { name, value: JSON.parse(literal) as unknown };
}

function holds({ name, value }: Condition, document: Document): boolean {
  return isObject(document["annotations"]) && document["annotations"][name] === value;
}

/** Epoch seconds, as JSON has them; older clients send text. */
function secondsOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const parsed = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed / 1000;
}

function has(documents: readonly Document[], flag: string): boolean {
  return documents.some((one) => one[flag] === true);
}

function startOf(documents: readonly Document[]): number {
  return Math.min(...documents.map((one) => Number(one["start_time"])));
}

function endOf(document: Document): number {
  return Number(document["end_time"] ?? document["start_time"]);
}

function durationOf(documents: readonly Document[]): number {
  return Math.max(...documents.map(endOf)) - startOf(documents);
}

function invalid(message: string): ControlResponse {
  return refusal(400, "InvalidRequestException", message);
}
