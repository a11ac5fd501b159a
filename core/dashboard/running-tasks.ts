/**
 * How many tasks run. With Container Insights ECS counts them; without, each task is one sample a minute of a metric
 * that costs nothing (`SampleCount`: github.com/aws/containers-roadmap/issues/2718). CPU would not do, which has a
 * sample each 20 s here.
 */
import type { Settings } from "../settings/settings.ts";

export interface TaskCount {
  readonly namespace: string;
  readonly metricName: string;
  /** Over a minute; over n minutes a sum of samples is n times as much. */
  readonly statistic: string;
}

const COUNTED_TASKS: TaskCount = {
  namespace: "ECS/ContainerInsights",
  metricName: "RunningTaskCount",
  statistic: "Average",
};
export const SAMPLED_TASKS: TaskCount = {
  namespace: "AWS/ECS",
  metricName: "MemoryUtilization",
  statistic: "SampleCount",
};

export function runningTaskCount({ insights }: WithInsights): TaskCount {
  return insights.containers ? COUNTED_TASKS : SAMPLED_TASKS;
}

interface WithInsights {
  readonly insights: Pick<Settings["insights"], "containers">;
}
