/** What Lambda itself counts of a function, by name: the alarms need no function's construct. */
import type { Duration } from "aws-cdk-lib";
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";

/** @param statistic one of `Stats` */
export function functionMetric(
  metricName: "Invocations" | "Errors" | "Throttles" | "IteratorAge",
  functionName: string,
  period: Duration,
  statistic: string = Stats.SUM,
): Metric {
  return new Metric({
    namespace: "AWS/Lambda",
    metricName,
    dimensionsMap: { FunctionName: functionName },
    statistic,
    period,
  });
}
