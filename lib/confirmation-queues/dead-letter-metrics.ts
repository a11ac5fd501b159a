/**
 * Dead letters counted by whose fault they are. Apart, since merchants' mistakes come every day and would hide the one
 * of ours that must never come; and counted as they are sent, since the queue itself only tells how many lie in it.
 */
import type { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FUNCTION_NAMES, METRICS, WORKER_SERVICE } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { confirmedElsewhere } from "../alarms/confirmed-elsewhere.ts";
import { pipelineMetric } from "../alarms/pipeline-metrics.ts";

/** Every program that sends dead letters, as the ids of their alarms name them. */
export const DEAD_LETTER_SENDERS = {
  Worker: WORKER_SERVICE,
  StreamTransactions: FUNCTION_NAMES.streamTransactions,
  ReleaseDue: FUNCTION_NAMES.releaseDue,
} as const;
/** Fewer are no rate. */
const FEWEST = 10;

/**
 * Sent by one program in a period for a fault of the pipeline. Plain, as a sum over programs is missing where one of
 * them is.
 */
export function deadLettersOfPipeline(service: string, period: Duration): IMetric {
  return pipelineMetric({ metric: METRICS.deadLetteredPipeline, service, statistic: Stats.SUM, period });
}

/**
 * Percent of what became terminal in a period that was given up for a fault of its merchant; 0 while that is only a
 * handful. The worker publishes both counts all the time, be they 0.
 */
export function percentGivenUpByMerchants(settings: Settings, period: Duration): IMetric {
  const elsewhere = confirmedElsewhere(settings, period);
  const ofWorker = (metric: (typeof METRICS)[keyof typeof METRICS]) =>
    pipelineMetric({ metric, service: WORKER_SERVICE, statistic: Stats.SUM, period });
  return new MathExpression({
    expression: `IF(given >= ${FEWEST}, 100 * given / (given + confirmed${elsewhere.plus}), 0)`,
    usingMetrics: {
      given: ofWorker(METRICS.deadLetteredMerchant),
      confirmed: ofWorker(METRICS.confirmed),
      ...elsewhere.usingMetrics,
    },
    period,
    label: "Percent given up by merchants' faults",
  });
}
