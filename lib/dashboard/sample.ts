/**
 * Numbers for the picture in the docs, made up from each metric's name and always the same: a busy hour in which one
 * large merchant falls and comes back. They show how the dashboard looks, not how fast the pipeline is.
 */
import { createHash } from "node:crypto";
import { INSIGHT_RULES, METRICS } from "../../core/settings/names.ts";
import type { MetricReader, Points } from "./evaluate.ts";
import type { Measured } from "./panel.ts";
import type { ShownAlarm, Source } from "./shown.ts";

/** Of the confirmations a second while all is well. */
const RATE = 2000;
const MINUTE_SECONDS = 60;

/** How much of the outage there is, from the start (0) to the end (1) of what is shown. */
function outage(at: number): number {
  return at > 0.45 && at < 0.62 ? 1 : 0;
}

function catchingUp(at: number): number {
  return at >= 0.62 && at < 0.8 ? 1 - (at - 0.62) / 0.18 : 0;
}

/** A value at a time, before its noise; counts are of a minute. */
type Course = (at: number, metric: Measured) => number;

const perMinute = (rate: number): number => rate * MINUTE_SECONDS;
const percentile = ({ statistic }: Measured, p50: number, p90: number, p99: number): number =>
  ({ p50, p90, p99 })[statistic] ?? p90;
/** Share of the classes among the failures of an outage. */
const CLASS_SHARES: Readonly<Record<string, number>> = {
  connection: 0.55,
  timeout: 0.3,
  status_5xx: 0.1,
  status_429: 0.05,
};

const COURSES: Readonly<Record<string, Course>> = {
  [METRICS.enqueued]: () => perMinute(RATE),
  [METRICS.released]: (at) => perMinute(RATE * (0.02 + 0.25 * catchingUp(at))),
  [METRICS.delivered]: (at) => perMinute(RATE * (1 - 0.3 * outage(at) + 0.25 * catchingUp(at))),
  [METRICS.confirmed]: (at) => perMinute(RATE * (1 - 0.3 * outage(at) + 0.25 * catchingUp(at))),
  [METRICS.parked]: (at) => perMinute(RATE * (0.02 + 0.28 * outage(at))),
  [METRICS.attemptFailed]: (at, { dimensions }) => {
    const failed = perMinute(RATE * (0.01 + 0.05 * outage(at)));
    return dimensions["class"] === undefined ? failed : failed * (CLASS_SHARES[dimensions["class"]] ?? 0.003);
  },
  [METRICS.deadLetteredMerchant]: () => 2,
  [METRICS.deadLetteredPipeline]: () => 0,
  [METRICS.deadLetteredProducer]: () => 0,
  [METRICS.windowInUse]: (at) => 34 + 30 * outage(at) + 14 * catchingUp(at),
  [METRICS.commitToConfirmed]: (at, metric) =>
    percentile(metric, 240, 520 + 300 * outage(at), 1100 + 2600 * outage(at) + 1200 * catchingUp(at)),
  [METRICS.webhookLatency]: (at, metric) => percentile(metric, 85, 210, 620 + 1900 * outage(at)),
  [METRICS.queueAge]: (at, metric) => percentile(metric, 45, 90, 180 + 240 * outage(at)),
  [METRICS.batchFill]: () => perMinute(RATE / 9),
  [METRICS.circuitsOpen]: (at) => outage(at),
  [METRICS.waiting]: (at) => perMinute(RATE * 0.28 * outage(at)),
  [METRICS.spared]: () => 0,
  [METRICS.workerStarted]: (at) => Number(Math.abs(at - 0.64) < 0.009),
  ApproximateNumberOfMessagesVisible: (at, { dimensions }) =>
    ({ "confirmations.fifo": 90 + 400 * outage(at) + 300 * catchingUp(at), "confirmations-dl.fifo": 3 })[
      dimensions["QueueName"] ?? ""
    ] ?? 6,
  ApproximateNumberOfMessagesNotVisible: (at, { dimensions }) =>
    dimensions["QueueName"] === "confirmations.fifo" ? 720 + 500 * outage(at) : 14,
  ApproximateAgeOfOldestMessage: (at) => 1 + 3 * outage(at),
  NumberOfEmptyReceives: () => 40,
  RunningTaskCount: (at) => (at < 0.64 ? 5 : 6),
  DesiredTaskCount: (at) => (at < 0.63 ? 5 : 6),
  CPUUtilization: (at) => 46 + 9 * catchingUp(at),
  ConsumedWriteCapacityUnits: (at, { dimensions }) =>
    perMinute(RATE * (dimensions["GlobalSecondaryIndexName"] === "merchant" ? 1 : 2) * (1 + 0.2 * catchingUp(at))),
  Duration: () => perMinute(RATE / 100) * 55,
  Invocations: () => perMinute(RATE / 100),
  IncomingBytes: () => perMinute(RATE) * 30,
  BytesInFromSource: () => perMinute(RATE) * 900,
  BytesInFromDestination: () => perMinute(RATE) * 450,
  BytesOutToDestination: () => perMinute(RATE) * 900,
};

/** Metrics that go up and down; the others are as they are. */
const NOISE: Readonly<Record<string, number>> = {
  [METRICS.circuitsOpen]: 0,
  RunningTaskCount: 0,
  DesiredTaskCount: 0,
  [METRICS.workerStarted]: 0,
};
const USUAL_NOISE = 0.06;

/** Once an hour for functions that are not in the stream of transactions. */
const SELDOM = 0.01;

const read: MetricReader = (metric, { periods, periodSeconds }): Points => {
  const course = COURSES[metric.name];
  if (course === undefined) return Array.from({ length: periods }, () => undefined);
  const isSum = metric.statistic === "Sum" || metric.statistic === "SampleCount";
  const minutes = isSum ? periodSeconds / MINUTE_SECONDS : 1;
  const { FunctionName = "stream-transactions", LogGroupName = "worker" } = metric.dimensions;
  const share = FunctionName === "stream-transactions" && /worker|stream-transactions/.test(LogGroupName) ? 1 : SELDOM;
  const noise = NOISE[metric.name] ?? USUAL_NOISE;
  return Array.from({ length: periods }, (_, index) => {
    const value = course(index / periods, metric) * minutes * share * (1 + noise * noiseOf(metric, index));
    return isSum || metric.statistic === "Maximum" ? Math.round(value) : value;
  });
};

/** Between -1 and 1, from the metric and the place alone. */
function noiseOf({ name, dimensions, statistic }: Measured, index: number): number {
  const digest = createHash("sha256")
    .update(JSON.stringify([name, dimensions, statistic, index]))
    .digest();
  return digest.readUInt16BE(0) / 32_768 - 1;
}

const MERCHANTS: readonly (readonly [string, number])[] = [
  ["large-merchant", 21_840],
  ["northwind", 412],
  ["corner-shop", 288],
  ["acme", 97],
  ["globex", 61],
  ["initech", 12],
];

/** @param alarms names of the stack's alarms */
export function sampleSource(alarms: readonly string[]): Source {
  return {
    read,
    measures: () => true,
    contributors: (rule, top) =>
      rule === INSIGHT_RULES.failedByMerchant
        ? MERCHANTS.map(([name, value]) => ({ name, value })).slice(0, top)
        : undefined,
    alarms: alarms.map((name): ShownAlarm => ({
      name,
      state: name === "DeadLetters" ? "ALARM" : "OK",
      why: "",
      what: "",
    })),
  };
}
