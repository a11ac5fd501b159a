/**
 * What was measured, as documents of CloudWatch's embedded metric format: one log line each, from which CloudWatch
 * makes the metrics. A distribution goes out as `{Values, Counts}`, as AWS's own collector sends its histograms
 * (docs/decisions, 31). A document that breaks a limit makes no metrics at all, so the limits are kept here.
 */
import { METRIC_UNITS } from "../settings/names.ts";
import type { Histogram } from "./histogram.ts";
import type { Measured } from "./meter.ts";

/**
 * Metrics in a document, and values of one metric in it (CloudWatch User Guide, "Specification: Embedded metric
 * format").
 */
const MAX_METRICS = 100;
const MAX_VALUES = 100;

/** A distribution, or as much of it as goes into one document. */
export interface EmfDistribution {
  readonly Values: readonly number[];
  readonly Counts: readonly number[];
  readonly Min: number;
  readonly Max: number;
  readonly Sum: number;
  readonly Count: number;
}

export interface EmfDocument {
  readonly _aws: {
    /** Epoch milliseconds. */
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  /** Dimensions as texts, metrics as numbers or distributions. */
  readonly [member: string]: unknown;
}

export interface EmfOptions {
  readonly namespace: string;
  readonly service: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

type Value = number | EmfDistribution;

/** @returns none where nothing was measured */
export function emfDocuments(measured: Measured, options: EmfOptions): EmfDocument[] {
  const { counts, gauges, distributions, parts } = measured;
  const pieces = [...distributions].flatMap(([metric, distribution]) =>
    piecesOf(distribution).map((piece) => [metric, piece] as const),
  );
  const own = { service: options.service };
  return [
    // Apart, so that counts, which alarms rest on, do not depend on whether CloudWatch takes a distribution.
    ...[[...counts, ...gauges], pieces].flatMap(inDocuments).map((members) => emfDocument(members, own, options)),
    ...parts.map(({ dimension, value, counts: counted }) =>
      emfDocument(counted, { ...own, [dimension]: value }, options),
    ),
  ];
}

/** A document takes a metric once. */
function inDocuments(values: readonly (readonly [string, Value])[]): Map<string, Value>[] {
  const documents: Map<string, Value>[] = [];
  for (const [metric, value] of values) {
    let free = documents.find((members) => members.size < MAX_METRICS && !members.has(metric));
    if (free === undefined) documents.push((free = new Map()));
    free.set(metric, value);
  }
  return documents;
}

/** One document of values with the same dimensions. @param members 100 at most, by the metric's name */
export function emfDocument(
  members: ReadonlyMap<string, Value>,
  dimensions: Readonly<Record<string, string>>,
  { namespace, now }: Pick<EmfOptions, "namespace" | "now">,
): EmfDocument {
  const Metrics = [...members.keys()].map((Name) => ({ Name, Unit: METRIC_UNITS[Name] ?? "Count" }));
  const CloudWatchMetrics = [{ Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics }];
  return { _aws: { Timestamp: now, CloudWatchMetrics }, ...dimensions, ...Object.fromEntries(members) };
}

/** Least and most are the true ones; the sum of each piece is that of its values. */
function piecesOf(distribution: Histogram): EmfDistribution[] {
  const buckets = distribution.buckets();
  const pieces: EmfDistribution[] = [];
  for (let start = 0; start < buckets.length; start += MAX_VALUES) {
    const some = buckets.slice(start, start + MAX_VALUES);
    const isFirst = start === 0;
    const isLast = start + MAX_VALUES >= buckets.length;
    const isWhole = isFirst && isLast;
    pieces.push({
      Values: some.map(({ value }) => value),
      Counts: some.map(({ count }) => count),
      Min: isFirst ? distribution.least : (some[0]?.value ?? 0),
      Max: isLast ? distribution.most : (some.at(-1)?.value ?? 0),
      Sum: isWhole ? distribution.sum : some.reduce((sum, { value, count }) => sum + value * count, 0),
      Count: some.reduce((sum, { count }) => sum + count, 0),
    });
  }
  return pieces;
}
