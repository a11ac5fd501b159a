/**
 * What is confirmed by acknowledgements and receipts, as terms of denominators beside the `Confirmed` of whoever calls.
 * None is published while none comes.
 */
import type { Duration } from "aws-cdk-lib";
import { type IMetric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { confirmingMetrics } from "../../core/settings/confirming-metrics.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { pipelineMetric } from "./pipeline-metrics.ts";

export interface ConfirmedElsewhere {
  /** To be put after a sum; empty where nothing is published. */
  readonly plus: string;
  readonly usingMetrics: Readonly<Record<string, IMetric>>;
}

export function confirmedElsewhere(settings: Settings, period: Duration): ConfirmedElsewhere {
  const [, ...counted] = confirmingMetrics(settings);
  return {
    plus: counted.map(({ id }) => ` + FILL(${id}, 0)`).join(""),
    usingMetrics: Object.fromEntries(
      counted.map(({ id, metric, service }) => [id, pipelineMetric({ metric, service, statistic: Stats.SUM, period })]),
    ),
  };
}
