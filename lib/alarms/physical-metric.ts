/**
 * A metric whose namespace and dimensions are written with the names in the code, as CloudWatch knows it in a pipeline
 * with a `name`.
 */
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { type Named, physicalDimensions, physicalNamespace } from "../../core/settings/physical-names.ts";

export function physicalMetric(named: Named, metric: IMetric): IMetric {
  if (named.name === undefined) return metric;
  if (metric instanceof MathExpression) {
    const { expression, usingMetrics, label, period } = metric;
    const using = Object.entries(usingMetrics).map(([id, used]) => [id, physicalMetric(named, used)] as const);
    return new MathExpression({
      expression,
      usingMetrics: Object.fromEntries(using),
      period,
      ...(label !== undefined && { label }),
    });
  }
  if (!(metric instanceof Metric)) return metric;
  const { namespace, metricName, dimensions = {}, statistic, period, label } = metric;
  return new Metric({
    namespace: physicalNamespace(named, namespace),
    metricName,
    dimensionsMap: physicalDimensions(named, dimensions),
    statistic,
    period,
    ...(label !== undefined && { label }),
  });
}
