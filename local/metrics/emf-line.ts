/**
 * Takes metrics out of a line of a program's output, as CloudWatch does (embedded metric format: a line of JSON with
 * `_aws`). A line that says it holds metrics and does not is one without any: programs are killed in the middle of a
 * line.
 */
import { emfSamples } from "../../core/telemetry/emf-samples.ts";
import { isObject } from "../assembly/template.ts";

export interface Recorded {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** How often each value was seen. @default once */
  readonly counts?: readonly number[];
}

/** As long as a log event of CloudWatch may be. */
const LONGEST_LINE = 1024 * 1024;

/** @returns the line as an object, undefined for one that is none */
export function parseLogLine(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith("{") || line.length > LONGEST_LINE) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export function metricsIn(event: Readonly<Record<string, unknown>>): readonly Recorded[] {
  const aws = event["_aws"];
  if (!isObject(aws)) return [];
  return objects(aws["CloudWatchMetrics"]).flatMap(({ Namespace, Dimensions, Metrics }) => {
    if (typeof Namespace !== "string") return [];
    const sets = (Array.isArray(Dimensions) ? Dimensions : []).filter((set) => Array.isArray(set));
    return objects(Metrics).flatMap(({ Name }) => {
      const samples = typeof Name === "string" ? emfSamples(event[Name]) : [];
      if (samples.length === 0) return [];
      return sets.map((names: readonly unknown[]) => ({
        namespace: Namespace,
        name: String(Name),
        dimensions: Object.fromEntries(names.map((name) => [String(name), String(event[String(name)])])),
        values: samples.map(({ value }) => value),
        counts: samples.map(({ count }) => count),
      }));
    });
  });
}

function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
