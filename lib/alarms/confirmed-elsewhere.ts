/**
 * What is confirmed by acknowledgements, as a term of denominators beside the `Confirmed` of whoever calls. Callback
 * and API count it as one metric, which is not published while none comes. In small-account mode it is in the log
 * alone.
 */
import type { Duration } from "aws-cdk-lib";
import { type IMetric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FUNCTION_NAMES, METRICS } from "../../core/settings/names.ts";
import { publishedMetrics, publishes } from "../../core/settings/published-metrics.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { pipelineMetric } from "./pipeline-metrics.ts";

export interface AcknowledgedTerm {
  /** To be put after a sum; empty where nothing is published. */
  readonly plus: string;
  readonly usingMetrics: Readonly<Record<string, IMetric>>;
}

export function acknowledgedTerm({ delivery }: Settings, period: Duration): AcknowledgedTerm {
  const [metric, service] = [METRICS.acknowledged, FUNCTION_NAMES.receiveAcknowledgements];
  if (!publishes(publishedMetrics(delivery.mode, service), metric)) return { plus: "", usingMetrics: {} };
  const acknowledged = pipelineMetric({ metric, service, statistic: Stats.SUM, period });
  return { plus: " + FILL(acknowledged, 0)", usingMetrics: { acknowledged } };
}
