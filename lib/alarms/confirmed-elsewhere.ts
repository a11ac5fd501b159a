/**
 * What is confirmed by acknowledgements and receipts, as terms of denominators beside the `Confirmed` of whoever calls.
 * Callback and API count acknowledgements as one metric. None is published while none comes. In small-account mode they
 * are in the log alone.
 */
import type { Duration } from "aws-cdk-lib";
import { type IMetric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { hasReceipts } from "../../core/settings/groups/channels.ts";
import { FUNCTION_NAMES, METRICS } from "../../core/settings/names.ts";
import { publishedMetrics, publishes } from "../../core/settings/published-metrics.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { pipelineMetric } from "./pipeline-metrics.ts";

export interface ConfirmedElsewhere {
  /** To be put after a sum; empty where nothing is published. */
  readonly plus: string;
  readonly usingMetrics: Readonly<Record<string, IMetric>>;
}

const { receiveAcknowledgements, receiveReceipts } = FUNCTION_NAMES;

export function confirmedElsewhere(settings: Settings, period: Duration): ConfirmedElsewhere {
  const counted = [
    { id: "acknowledged", metric: METRICS.acknowledged, service: receiveAcknowledgements, isThere: true },
    { id: "byReceipt", metric: METRICS.confirmed, service: receiveReceipts, isThere: hasReceipts(settings) },
  ].filter(({ isThere, metric, service }) => isThere && isPublished(settings, service, metric));
  return {
    plus: counted.map(({ id }) => ` + FILL(${id}, 0)`).join(""),
    usingMetrics: Object.fromEntries(
      counted.map(({ id, metric, service }) => [id, pipelineMetric({ metric, service, statistic: Stats.SUM, period })]),
    ),
  };
}

function isPublished({ delivery }: Settings, service: string, metric: string): boolean {
  return publishes(publishedMetrics(delivery.mode, service), metric);
}
