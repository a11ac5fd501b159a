/**
 * Metrics that the pipeline's programs publish themselves, as alarms and dashboards ask for them: by name and by the
 * program that counts.
 */
import { type Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type METRICS, METRICS_NAMESPACE } from "../../core/settings/names.ts";

export interface PipelineMetricProps {
  readonly metric: (typeof METRICS)[keyof typeof METRICS];
  /** `WORKER_SERVICE`, or the name of a function. */
  readonly service: string;
  /** One of `Stats`. */
  readonly statistic: string;
  readonly period: Duration;
}

/** Powertools adds the dimension `service` to whatever a program counts. */
export function pipelineMetric({ metric, service, ...props }: PipelineMetricProps): Metric {
  return new Metric({ namespace: METRICS_NAMESPACE, metricName: metric, dimensionsMap: { service }, ...props });
}
