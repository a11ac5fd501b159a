/**
 * CloudWatch's `GetMetricData` for what is measured here: what programs count themselves, and some of what AWS counts,
 * for as long as this machine keeps it; of a queue's oldest message the age of this moment too. Other metrics have no
 * data points, and a message that says so.
 */
import type { MetricReader } from "../../core/dashboard/evaluate.ts";
import { KEPT_SECONDS } from "../metrics/metric-store.ts";
import { isCountedHere } from "../metrics/stack-metrics.ts";

/** @returns seconds, undefined when there is no such queue */
export type QueueAge = (queueName: string) => Promise<number | undefined>;

export interface MetricSources {
  readonly queueAge: QueueAge;
  /** What programs have counted. */
  readonly counted: MetricReader;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
}

const NOT_MEASURED = { Code: "NotMeasured", Value: "not measured here" };

interface Query {
  readonly Id?: string;
  readonly MetricStat?: {
    readonly Metric?: {
      readonly Namespace?: string;
      readonly MetricName?: string;
      readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
    };
    readonly Period?: number;
    readonly Stat?: string;
  };
}

interface Point {
  /** Epoch milliseconds at which its period begins. */
  readonly at: number;
  readonly value: number;
}

export async function respondWithMetricData(
  request: Readonly<Record<string, unknown>>,
  sources: MetricSources,
): Promise<unknown> {
  const queries = (request["MetricDataQueries"] ?? []) as readonly Query[];
  const results = queries.map(async (query) => {
    const points = await pointsOf(query, request, sources);
    const isNewestFirst = request["ScanBy"] !== "TimestampAscending";
    const ordered = isNewestFirst ? points.toReversed() : points;
    return {
      Id: query.Id,
      Label: query.MetricStat?.Metric?.MetricName ?? "",
      Timestamps: ordered.map(({ at }) => new Date(at)),
      Values: ordered.map(({ value }) => value),
      StatusCode: "Complete",
      ...(!isMeasured(query) && { Messages: [NOT_MEASURED] }),
    };
  });
  return { MetricDataResults: await Promise.all(results), Messages: [] };
}

function isMeasured({ MetricStat: { Metric: metric, Stat: statistic = "" } = {} }: Query): boolean {
  const { Namespace: namespace = "", MetricName: name = "" } = metric ?? {};
  return isCountedHere({ namespace, name, dimensions: {}, statistic });
}

async function pointsOf(
  { MetricStat: { Metric: metric, Period: periodSeconds = 60, Stat: statistic = "Average" } = {} }: Query,
  { StartTime, EndTime }: Readonly<Record<string, unknown>>,
  { queueAge, counted, nowMs }: MetricSources,
): Promise<readonly Point[]> {
  const { Namespace: namespace = "", MetricName: name = "", Dimensions = [] } = metric ?? {};
  const dimensions = Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value]));
  const queueName = dimensions["QueueName"];
  const isAge = namespace === "AWS/SQS" && name === "ApproximateAgeOfOldestMessage" && queueName !== undefined;
  const age = isAge ? await queueAge(queueName) : undefined;
  const newest = age === undefined ? [] : [{ at: Math.floor(nowMs() / 1000) * 1000, value: age }];
  const periodMs = periodSeconds * 1000;
  const wholePeriods = (ms: number) => Math.ceil(ms / periodMs);
  const endMs = epochMsOf(EndTime);
  // Of what is older nothing is kept, and nobody need look for it.
  const asked = wholePeriods(endMs - epochMsOf(StartTime));
  const periods = Math.max(0, Math.min(asked, wholePeriods(endMs - nowMs() + KEPT_SECONDS * 1000)));
  const points = counted({ namespace, name, dimensions, statistic }, { endMs, periodSeconds, periods }).flatMap(
    (value, index) => (value === undefined ? [] : [{ at: endMs - (periods - index) * periodMs, value }]),
  );
  // Its own last one is of the moment before.
  return [...points, ...newest].toSorted((one, other) => one.at - other.at);
}

/** As the protocols have times: epoch seconds, tagged or not, and texts. */
export function epochMsOf(time: unknown): number {
  if (time instanceof Date) return time.getTime();
  if (typeof time === "string") return Date.parse(time);
  const seconds = typeof time === "object" && time !== null && "value" in time ? time.value : time;
  return Number(seconds) * 1000;
}
