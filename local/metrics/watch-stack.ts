/**
 * Puts together what the live page shows: metrics of the running stack, the template's alarms and rules, and the panels
 * of the dashboard.
 */
import type { Settings } from "../../core/settings/settings.ts";
import type { MetricReader } from "../../core/dashboard/evaluate.ts";
import { sectionsOf } from "../../core/dashboard/panels.ts";
import type { Place } from "../../core/dashboard/place.ts";
import { show, type Shown } from "../../core/dashboard/shown.ts";
import type { Resources } from "../assembly/resources.ts";
import { numberOf, type ResolvedResource } from "../assembly/template.ts";
import type { LocalSqs } from "../sqs/start-sqs.ts";
import { type AlarmNow, alarmsOf, judgeAlarms, shownAlarms } from "./alarms.ts";
import { Contributors } from "./contributors.ts";
import { MetricStore } from "./metric-store.ts";
import { isCountedHere, StackMetrics } from "./stack-metrics.ts";

/** As often as the worker publishes. */
const PERIOD_SECONDS = 10;
/** What is shown begins with the stack: three minutes at least, a quarter of an hour at most. */
const FEWEST_PERIODS = 18;
const MOST_PERIODS = 90;

export interface WatchOptions {
  readonly resources: Resources;
  readonly settings: Settings;
  readonly sqs: LocalSqs;
  readonly queueNames: readonly string[];
  readonly now: () => number;
}

export interface Watch {
  readonly metrics: StackMetrics;
  /** The dashboard as it is now. */
  readonly shown: () => Shown;
  /** Every alarm of the template as it is now. */
  readonly alarms: () => readonly AlarmNow[];
  /** What was counted of a metric. */
  readonly counted: MetricReader;
}

export function watchStack({ resources, settings, sqs, queueNames, now }: WatchOptions): Watch {
  const place = placeOf(resources, settings);
  const sections = sectionsOf(place);
  const store = new MetricStore(now);
  const contributors = new Contributors(
    resources.eachOfType("AWS::CloudWatch::InsightRule").filter((rule) => "properties" in rule),
    now,
  );
  const alarms = alarmsOf(resources);
  const hasTasks = settings.delivery.mode === "fargate";
  const service = hasTasks ? { ClusterName: place.cluster, ServiceName: place.service } : undefined;
  const metrics = new StackMetrics({ store, contributors, sqs, queueNames, service, now });
  const read = store.read.bind(store);
  let judged: readonly AlarmNow[] = [];
  const judge = (): readonly AlarmNow[] => {
    const parts = { read, measures: isCountedHere, nowMs: now(), startedAtMs: store.startedAtMs };
    judged = judgeAlarms(alarms, parts, judged);
    return judged;
  };
  return {
    metrics,
    alarms: judge,
    counted: read,
    shown() {
      // Whole periods alone: in one that is not over a count would be too low.
      const endMs = Math.floor(now() / (PERIOD_SECONDS * 1000)) * PERIOD_SECONDS * 1000;
      const sinceStart = Math.ceil((endMs - store.startedAtMs) / (PERIOD_SECONDS * 1000)) + 1;
      const periods = Math.min(MOST_PERIODS, Math.max(FEWEST_PERIODS, sinceStart));
      const timeline = { endMs, periodSeconds: PERIOD_SECONDS, periods };
      return show(sections, timeline, {
        read,
        measures: isCountedHere,
        contributors: (rule, top) =>
          contributors.has(rule) ? contributors.top(rule, top, endMs - PERIOD_SECONDS * periods * 1000) : undefined,
        alarms: shownAlarms(judge()),
      });
    },
  };
}

function placeOf(resources: Resources, settings: Settings): Place {
  const nameOf = ({ logicalId }: Pick<ResolvedResource, "logicalId">) => resources.refOf(logicalId);
  const [cluster = ""] = resources.eachOfType("AWS::ECS::Cluster").map(nameOf);
  const [service = ""] = resources.eachOfType("AWS::ECS::Service").map(nameOf);
  return {
    settings,
    cluster,
    service: service.slice(service.lastIndexOf("/") + 1),
    natGateways: resources.eachOfType("AWS::EC2::NatGateway").map(nameOf),
    functions: resources
      .ofType("AWS::Lambda::Function")
      .map((resource) => ({ name: nameOf(resource), memoryMiB: numberOf(resource, "MemorySize", 128) })),
    logGroups: resources.eachOfType("AWS::Logs::LogGroup").map(nameOf),
  };
}
