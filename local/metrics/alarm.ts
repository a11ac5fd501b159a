/**
 * An alarm of the template on this machine's metrics. It asks what CloudWatch asks, how many of the last periods breach
 * the threshold, but of periods that end now, so that one need not wait for the next minute. A period without data
 * counts as the alarm says; while the stack is younger than what the alarm looks back on, silence is no breach but "too
 * early".
 */
import { evaluate, type MetricReader } from "../../core/dashboard/evaluate.ts";
import { MathError } from "../../core/dashboard/metric-math.ts";
import { type Measured, measuredIn, type Value } from "../../core/dashboard/panel.ts";
import type { AlarmState } from "../../core/dashboard/shown.ts";
import { isObject, listOf, numberOf, optionalText, type ResolvedResource } from "../assembly/template.ts";
import { KEPT_SECONDS, SLOT_SECONDS } from "./metric-store.ts";

export interface Judged {
  readonly state: AlarmState;
  /** Why, in a few words. */
  readonly why: string;
}

export interface JudgeParts {
  readonly read: MetricReader;
  /** Whether this machine measures the metric at all. */
  readonly measures: (metric: Measured) => boolean;
  readonly nowMs: number;
  readonly startedAtMs: number;
}

const BREACHES: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** @throws LocalError for an alarm that is none of CloudWatch's */
export function judgeAlarm(alarm: ResolvedResource, { read, measures, nowMs, startedAtMs }: JudgeParts): Judged {
  const asked = valueOf(alarm);
  const breaches = BREACHES[optionalText(alarm, "ComparisonOperator") ?? ""];
  if (asked === undefined || breaches === undefined)
    return notEvaluated("an alarm of a kind that this machine does not know");
  const { value, periodSeconds } = asked;
  const unmeasured = measuredIn(value).find((metric) => !measures(metric));
  if (unmeasured !== undefined)
    return notEvaluated(`${unmeasured.namespace} ${unmeasured.name} is not measured on this machine`);
  const periods = numberOf(alarm, "EvaluationPeriods", 1);
  if (periodSeconds % SLOT_SECONDS !== 0 || periodSeconds * periods > KEPT_SECONDS)
    return notEvaluated("it looks further back than the hour that this machine keeps");

  const threshold = numberOf(alarm, "Threshold", 0);
  const needed = numberOf(alarm, "DatapointsToAlarm", periods);
  const missing = optionalText(alarm, "TreatMissingData") ?? "missing";
  try {
    const points = evaluate(value, { endMs: nowMs, periodSeconds, periods }, read);
    const known = points.filter((point) => point !== undefined);
    const last = known.at(-1);
    if (last === undefined && (missing === "missing" || missing === "ignore"))
      return { state: "INSUFFICIENT_DATA", why: "no data" };
    if (last === undefined && missing === "breaching" && nowMs - startedAtMs < periodSeconds * periods * 1000)
      return { state: "INSUFFICIENT_DATA", why: "no data, and too early to say" };
    const silentBreach = missing === "breaching" && nowMs - startedAtMs >= periodSeconds * periods * 1000;
    const breaching = points.filter((point) =>
      point === undefined ? silentBreach : breaches(point, threshold),
    ).length;
    const why = last === undefined ? "no data" : `${Number(last.toPrecision(4))}, threshold ${threshold}`;
    return { state: breaching >= needed ? "ALARM" : "OK", why };
  } catch (error) {
    if (error instanceof MathError) return notEvaluated(error.message);
    throw error;
  }
}

function notEvaluated(why: string): Judged {
  return { state: "NOT_EVALUATED", why };
}

/** What the alarm watches: one metric, or the one expression of several that returns data. */
function valueOf(alarm: ResolvedResource): { readonly value: Value; readonly periodSeconds: number } | undefined {
  const metricName = optionalText(alarm, "MetricName");
  if (metricName !== undefined)
    return {
      value: measured(
        { ...alarm.properties, MetricName: metricName },
        optionalText(alarm, "Statistic") ?? optionalText(alarm, "ExtendedStatistic") ?? "Average",
      ),
      periodSeconds: numberOf(alarm, "Period", 60),
    };
  const queries = listOf(alarm, "Metrics").filter(isObject);
  const returned = queries.find(({ ReturnData }) => ReturnData !== false);
  if (returned === undefined) return undefined;
  const periods = queries.flatMap(({ MetricStat, Period }) =>
    [isObject(MetricStat) ? MetricStat["Period"] : Period].filter((period) => period !== undefined).map(Number),
  );
  return { value: valueOfQuery(returned, queries, 0), periodSeconds: Math.max(60, ...periods) };
}

/** An alarm has at most this many queries, so no chain of them is longer. */
const DEEPEST = 10;

function valueOfQuery(
  query: Readonly<Record<string, unknown>>,
  queries: readonly Readonly<Record<string, unknown>>[],
  depth: number,
): Value {
  const stat = query["MetricStat"];
  if (isObject(stat) && isObject(stat["Metric"])) return measured(stat["Metric"], String(stat["Stat"]));
  const expression = String(query["Expression"]);
  const names = new Set(expression.match(/\b[a-z]\w*\b/g));
  if (depth >= DEEPEST) return { expression, using: {} };
  const used = queries.filter(({ Id }) => names.has(String(Id)));
  return {
    expression,
    using: Object.fromEntries(used.map((one) => [String(one["Id"]), valueOfQuery(one, queries, depth + 1)])),
  };
}

function measured(metric: Readonly<Record<string, unknown>>, statistic: string): Measured {
  const dimensions = (Array.isArray(metric["Dimensions"]) ? metric["Dimensions"] : []).filter(isObject);
  return {
    namespace: String(metric["Namespace"]),
    name: String(metric["MetricName"]),
    dimensions: Object.fromEntries(dimensions.map(({ Name, Value: value }) => [String(Name), String(value)])),
    statistic,
  };
}
