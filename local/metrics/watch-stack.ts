/** Watches the running stack: its metrics, and the template's alarms and rules by them. */
import type { Settings } from "../../core/settings/settings.ts";
import type { MetricReader } from "../../core/dashboard/evaluate.ts";
import type { Resources } from "../assembly/resources.ts";
import type { LocalSqs } from "../sqs/start-sqs.ts";
import { type AlarmNow, alarmsOf, judgeAlarms } from "./alarms.ts";
import { type Contributor, Contributors } from "./contributors.ts";
import { MetricStore } from "./metric-store.ts";
import { isCountedHere, StackMetrics } from "./stack-metrics.ts";

export interface WatchOptions {
  readonly resources: Resources;
  readonly settings: Settings;
  readonly sqs: LocalSqs;
  readonly queueNames: readonly string[];
  readonly now: () => number;
}

export interface Watch {
  readonly metrics: StackMetrics;
  /** Every alarm of the template as it is now. */
  readonly alarms: () => readonly AlarmNow[];
  /** What was counted of a metric. */
  readonly counted: MetricReader;
  /** Who is at the top of a rule since a time; undefined where there is no such rule. */
  readonly contributors: (rule: string, most: number, sinceMs: number) => readonly Contributor[] | undefined;
}

export function watchStack({ resources, settings, sqs, queueNames, now }: WatchOptions): Watch {
  const store = new MetricStore(now);
  const contributors = new Contributors(
    resources.eachOfType("AWS::CloudWatch::InsightRule").filter((rule) => "properties" in rule),
    now,
  );
  const alarms = alarmsOf(resources);
  const hasTasks = settings.delivery.mode === "fargate";
  const service = hasTasks ? serviceOf(resources) : undefined;
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
    contributors: (rule, most, sinceMs) => (contributors.has(rule) ? contributors.top(rule, most, sinceMs) : undefined),
  };
}

/** Its dimensions. */
function serviceOf(resources: Resources): Readonly<Record<string, string>> {
  const refOf = (type: string) =>
    resources.eachOfType(type).map(({ logicalId }) => resources.refOf(logicalId))[0] ?? "";
  const service = refOf("AWS::ECS::Service");
  return { ClusterName: refOf("AWS::ECS::Cluster"), ServiceName: service.slice(service.lastIndexOf("/") + 1) };
}
