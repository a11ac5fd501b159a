/**
 * Whether X-Ray would take a document: its rules for segments and subsegments (X-Ray Developer Guide, "X-Ray segment
 * documents" and "Annotation requirements"; AWS General Reference, "AWS X-Ray endpoints and quotas"). X-Ray itself
 * drops what breaks them without a word to the program, so it is better found out here.
 */

export type Document = Readonly<Record<string, unknown>>;

/** Checked before: ids and names are texts. */
export function textIn(document: Document, name: string): string {
  const value = document[name];
  return typeof value === "string" ? value : "";
}

export const MAX_DOCUMENT_BYTES = 64 * 1024;
const MAX_NAME_LENGTH = 200;
const MAX_TEXT_LENGTH = 250;
const MAX_ANNOTATIONS = 50;
const MAX_KEY_LENGTH = 500;
const MAX_VALUE_LENGTH = 1000;
/** Traces are kept for 30 days, and nothing is added to older ones. */
const MAX_AGE_SECONDS = 30 * 86_400;
/** A clock may be ahead a little. */
const MAX_AHEAD_SECONDS = 300;

const NAME = /^[\p{L}\p{N}\s_.:/%&#=+\\\-@]+$/u;
const ID = /^[0-9a-f]{16}$/;
const TRACE_ID = /^1-([0-9a-f]{8})-[0-9a-f]{24}$/;
const KEY = /^[A-Za-z0-9_]+$/;
const NAMESPACES = ["aws", "remote"];
const FLAGS = ["error", "fault", "throttle", "in_progress"];

/** @param bytes of the document as it was sent @param now epoch milliseconds @returns every fault, one sentence each */
export function documentFaults(document: Document, bytes: number, now: number): string[] {
  const faults: string[] = [];
  if (bytes > MAX_DOCUMENT_BYTES)
    faults.push(`the document has ${bytes} bytes, expected at most ${MAX_DOCUMENT_BYTES}`);
  const isAlone = document["type"] === "subsegment";
  faults.push(...traceIdFaults(document["trace_id"], now));
  if (document["type"] !== undefined && !isAlone) faults.push(got("type", document["type"], '"subsegment" or nothing'));
  if (isAlone && document["parent_id"] === undefined)
    faults.push(got("parent_id", undefined, "the id of the segment that an independent subsegment belongs to"));
  return [...faults, ...stepFaults(document, "")];
}

function stepFaults(step: Document, path: string): string[] {
  const faults: string[] = [];
  const check = (name: string, isRight: boolean, expected: string): void => {
    if (!isRight) faults.push(got(path + name, step[name], expected));
  };
  const { name, id, parent_id: parentId, start_time: start, end_time: end, namespace, origin, subsegments = [] } = step;
  const isName = typeof name === "string" && name.length <= MAX_NAME_LENGTH && NAME.test(name);
  check("name", isName, `1 to ${MAX_NAME_LENGTH} letters, digits, spaces and _.:/%&#=+\\-@`);
  check("id", isText(id, ID), "16 hex digits");
  check("parent_id", parentId === undefined || isText(parentId, ID), "16 hex digits");
  check("start_time", isSeconds(start), "epoch seconds");
  const isOpen = step["in_progress"] === true;
  if (isOpen) check("end_time", end === undefined, "nothing beside in_progress");
  else check("end_time", isSeconds(end) && !(isSeconds(start) && end < start), "epoch seconds, not before start_time");
  check(
    "namespace",
    namespace === undefined || NAMESPACES.some((known) => known === namespace),
    NAMESPACES.join(" or "),
  );
  check(
    "origin",
    origin === undefined || (typeof origin === "string" && origin.length <= MAX_TEXT_LENGTH),
    `at most ${MAX_TEXT_LENGTH} characters`,
  );
  for (const flag of FLAGS)
    check(flag, step[flag] === undefined || typeof step[flag] === "boolean", "true, false or nothing");
  for (const block of ["http", "aws", "annotations", "metadata"])
    check(block, step[block] === undefined || isObject(step[block]), "an object");
  faults.push(...annotationFaults(step["annotations"], path), ...httpFaults(step["http"], path));
  if (!Array.isArray(subsegments)) return [...faults, got(`${path}subsegments`, subsegments, "a list")];
  for (const [index, inner] of (subsegments as unknown[]).entries()) {
    const at = `${path}subsegments[${index}]`;
    faults.push(...(isObject(inner) ? stepFaults(inner, `${at}.`) : [got(at, inner, "an object")]));
  }
  return faults;
}

function traceIdFaults(traceId: unknown, now: number): string[] {
  const seconds = typeof traceId === "string" ? TRACE_ID.exec(traceId)?.[1] : undefined;
  if (seconds === undefined) return [got("trace_id", traceId, "1-<8 hex digits>-<24 hex digits>")];
  const ageSeconds = now / 1000 - Number.parseInt(seconds, 16);
  if (ageSeconds > MAX_AGE_SECONDS) return [got("trace_id", traceId, "one of the last 30 days")];
  return ageSeconds < -MAX_AHEAD_SECONDS ? [got("trace_id", traceId, "one that is not of the future")] : [];
}

function annotationFaults(annotations: unknown, path: string): string[] {
  if (!isObject(annotations)) return [];
  const entries = Object.entries(annotations);
  const faults = entries.flatMap(([key, value]) => {
    const at = `${path}annotations.${key.slice(0, MAX_TEXT_LENGTH)}`;
    if (!KEY.test(key) || key.length > MAX_KEY_LENGTH)
      return [`${at}: expected a key of up to ${MAX_KEY_LENGTH} letters, digits and underscores`];
    if (typeof value === "string" && value.length <= MAX_VALUE_LENGTH) return [];
    if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return [];
    return [got(at, value, `a number, a boolean or a text of up to ${MAX_VALUE_LENGTH} characters`)];
  });
  if (entries.length > MAX_ANNOTATIONS)
    faults.push(`${path}annotations: got ${entries.length}, expected at most ${MAX_ANNOTATIONS}`);
  return faults;
}

function httpFaults(http: unknown, path: string): string[] {
  if (!isObject(http)) return [];
  const faults: string[] = [];
  const { request = {}, response = {} } = http;
  if (!isObject(request)) faults.push(got(`${path}http.request`, request, "an object"));
  else
    for (const name of ["method", "url", "user_agent", "client_ip"])
      if (request[name] !== undefined && typeof request[name] !== "string")
        faults.push(got(`${path}http.request.${name}`, request[name], "a text"));
  if (!isObject(response)) faults.push(got(`${path}http.response`, response, "an object"));
  else
    for (const name of ["status", "content_length"])
      if (response[name] !== undefined && typeof response[name] !== "number")
        faults.push(got(`${path}http.response.${name}`, response[name], "a number"));
  return faults;
}

function got(what: string, value: unknown, expected: string): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return `${what}: got ${text.length > 80 ? `${text.slice(0, 80)}…` : text}, expected ${expected}`;
}

function isText(value: unknown, form: RegExp): boolean {
  return typeof value === "string" && form.test(value);
}

function isSeconds(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
