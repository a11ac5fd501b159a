/** The metrics that panels are made of, and how a count becomes a rate. */
import { type ConfirmingMetric, type ConfirmingSettings, confirmingMetrics } from "../settings/confirming-metrics.ts";
import { type METRICS, METRICS_NAMESPACE, WORKER_SERVICE } from "../settings/names.ts";
import type { Calculated, Measured, Value } from "./panel.ts";

type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** What the pipeline counts itself. @param service `WORKER_SERVICE`, or the name of a function */
export function counted(name: MetricName, service: string = WORKER_SERVICE, statistic = "Sum"): Measured {
  return { namespace: METRICS_NAMESPACE, name, dimensions: { service }, statistic };
}

/** All that is confirmed, by whoever counts it: their sum has each transaction once. */
export function confirmedBy(settings: ConfirmingSettings): readonly [Measured, ...Measured[]] {
  const [called, ...others] = confirmingMetrics(settings);
  return [countedAs(called), ...others.map(countedAs)];
}

function countedAs({ metric, service }: ConfirmingMetric): Measured {
  return counted(metric, service);
}

/** Calls that failed for one class of reasons. */
export function countedOfClass(name: MetricName, failureClass: string): Measured {
  const dimensions = { service: WORKER_SERVICE, class: failureClass };
  return { namespace: METRICS_NAMESPACE, name, dimensions, statistic: "Sum" };
}

/** Of channels, by the kind of it. */
export function countedOfKind(name: MetricName, kind: string, service: string = WORKER_SERVICE): Measured {
  return { namespace: METRICS_NAMESPACE, name, dimensions: { service, kind }, statistic: "Sum" };
}

export function ofQueue(name: string, queueName: string, statistic: string): Measured {
  return { namespace: "AWS/SQS", name, dimensions: { QueueName: queueName }, statistic };
}

export function ofFunction(name: string, functionName: string, statistic: string): Measured {
  return { namespace: "AWS/Lambda", name, dimensions: { FunctionName: functionName }, statistic };
}

/**
 * What was counted in a period, together. An array's sum is there where one of its parts is; that of `+` only where all
 * are, and a program that has never counted something has no such metric.
 */
export function sumOf(values: readonly Value[]): Calculated {
  const using = Object.fromEntries(values.map((value, index) => [`part${index}`, value]));
  return { expression: `SUM([${Object.keys(using).join(", ")}])`, using };
}

/** Counts of a period, together, as so many a second; 0 while nothing is counted. */
export function perSecond(...counts: readonly Measured[]): Calculated {
  const { expression, using } = sumOf(counts);
  return { expression: `FILL(${expression}, 0) / PERIOD(part0)`, using };
}
