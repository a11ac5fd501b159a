/** The dashboard as it is now, out of CloudWatch: what its panels are made of, read once for all of them. */
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { metricKey, metricsOf, readerOf, sinceFirst } from "../dashboard/counted-metrics.ts";
import type { Timeline } from "../dashboard/evaluate.ts";
import type { Section } from "../dashboard/panel.ts";
import { show, type Shown } from "../dashboard/shown.ts";
import { isPublished, NOT_PUBLISHED } from "../dashboard/published-here.ts";
import type { DeliveryMode } from "../settings/groups/delivery.ts";
import { readAlarms } from "./read-alarms.ts";
import { readMetrics } from "./read-metrics.ts";
import { topContributors } from "./top-contributors.ts";

export interface LiveNumbersParts {
  readonly client: CloudWatchClient;
  readonly sections: readonly Section[];
  /** Which tells what is published at all. */
  readonly mode: DeliveryMode;
  /** Names of some alarms of the stack, by which the others are found. */
  readonly alarms: readonly string[];
  readonly periodSeconds: number;
  /** At most; of a stack that is newer so many as there is something of. */
  readonly periods: number;
  readonly nowMs: () => number;
}

/** Of a stack that is new. */
const FEWEST_PERIODS = 18;

/** @throws what CloudWatch does */
export async function readLiveNumbers(parts: LiveNumbersParts): Promise<Shown> {
  const { client, sections, mode, periodSeconds, periods, nowMs } = parts;
  const periodMs = periodSeconds * 1000;
  // Whole periods alone: in one that is not over a count would be too low.
  const asked: Timeline = { endMs: Math.floor(nowMs() / periodMs) * periodMs, periodSeconds, periods };
  const rules = sections.flatMap(({ panels }) => panels.filter((panel) => panel.kind === "contributors"));
  const metrics = metricsOf(sections).filter((metric) => isPublished(mode, metric));
  const [read, alarms, tops] = await Promise.all([
    readMetrics(client, metrics, asked),
    readAlarms(client, parts.alarms),
    Promise.all(rules.map(async ({ rule, top }) => [rule, await topContributors(client, rule, top, asked)] as const)),
  ]);
  const { counted, timeline } = sinceFirst(read, asked, FEWEST_PERIODS);
  return show(sections, timeline, {
    read: readerOf(counted, timeline),
    noteOn: (metric) => (isPublished(mode, metric) ? counted.get(metricKey(metric))?.note : NOT_PUBLISHED),
    contributors: (rule) => new Map(tops).get(rule),
    alarms,
  });
}
