/**
 * From documents of X-Ray to the hops and steps of a trace, flat, each with the one before it. Only what the API shows:
 * times, outcomes, what was called and what came of it; no metadata, no names of resources. Documents are what programs
 * sent, whichever, so each member is held against its type.
 */
import type { TraceDocument } from "../../../core/aws/read-traces.ts";

export interface TraceHopView {
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  readonly beganAt: string;
  readonly durationMs: number;
  /** Its end is not known (yet). */
  readonly isOpen?: true;
  readonly operation?: string;
  readonly request?: { readonly method?: string; readonly url?: string };
  readonly status?: number;
  readonly annotations?: Readonly<Record<string, string | number | boolean>>;
  readonly flags?: readonly ("error" | "throttle" | "fault")[];
}

const FLAGS = ["error", "throttle", "fault"] as const;
/** JavaScript's dates end there. */
const MAX_SECONDS = 8.64e12;

/**
 * @param merchantId shows hops of this merchant alone, with their steps: one trace may be a producer's for many
 * @returns in the order of time
 */
export function hopsOf(documents: readonly TraceDocument[], merchantId?: string): TraceHopView[] {
  // A document that is sent again takes the place of the one before.
  const newest = new Map(documents.map((document) => [document["id"], document]));
  const shown = [...newest.values()].filter(
    (document) => merchantId === undefined || objectIn(document, "annotations")["merchant"] === merchantId,
  );
  return shown
    .flatMap((document) => withSteps(document, textIn(document, "parent_id")))
    .toSorted((one, other) => (one.beganAt < other.beganAt ? -1 : one.beganAt > other.beganAt ? 1 : 0));
}

function withSteps(document: TraceDocument, parentId: string | undefined): TraceHopView[] {
  const hop = hopOf(document, parentId);
  if (hop === undefined) return [];
  const steps = Array.isArray(document["subsegments"]) ? document["subsegments"].filter(isObject) : [];
  return [hop, ...steps.flatMap((step) => withSteps(step, hop.id))];
}

function hopOf(document: TraceDocument, parentId: string | undefined): TraceHopView | undefined {
  const [id, name, began] = [textIn(document, "id"), textIn(document, "name"), document["start_time"]];
  if (id === undefined || name === undefined || !isTime(began)) return undefined;
  const ended = document["end_time"];
  const http = objectIn(document, "http");
  const request = objectIn(http, "request");
  const [method, url] = [textIn(request, "method"), textIn(request, "url")];
  const status = objectIn(http, "response")["status"];
  const operation = textIn(objectIn(document, "aws"), "operation");
  const annotations = Object.fromEntries(Object.entries(objectIn(document, "annotations")).filter(isAnnotation));
  const flags = FLAGS.filter((flag) => document[flag] === true);
  return {
    id,
    ...(parentId !== undefined && { parentId }),
    name,
    beganAt: new Date(began * 1000).toISOString(),
    durationMs: isTime(ended) ? Math.max(0, Math.round((ended - began) * 10_000) / 10) : 0,
    ...(!isTime(ended) && { isOpen: true }),
    ...(operation !== undefined && { operation }),
    ...((method ?? url) !== undefined && {
      request: { ...(method !== undefined && { method }), ...(url !== undefined && { url }) },
    }),
    ...(Number.isInteger(status) && { status: status as number }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(flags.length > 0 && { flags }),
  };
}

function isAnnotation(entry: [string, unknown]): entry is [string, string | number | boolean] {
  return ["string", "number", "boolean"].includes(typeof entry[1]);
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= MAX_SECONDS;
}

function textIn(object: TraceDocument, name: string): string | undefined {
  const value = object[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function objectIn(object: TraceDocument, name: string): TraceDocument {
  const value = object[name];
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is TraceDocument {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
