/**
 * What is merchants' own and comes every day. Nobody is woken by it, and it keeps what follows from it from waking
 * anybody.
 */
import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FUNCTION_NAMES, METRICS, WORKER_SERVICE } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { percentGivenUpByMerchants } from "../confirmation-queues/dead-letter-metrics.ts";
import { pipelineMetric } from "../alarms/pipeline-metrics.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";
import type { AlarmShapes } from "../alarms/alarm-shape.ts";

/** Long enough that one merchant's burst of last attempts is not a rate. */
const GIVEN_UP_PERIOD = Duration.minutes(15);
const GIVEN_UP_PERCENT = 1;
/** As long as the longest window of lateness that wakes somebody: what merchants cause in it comes late for as long. */
const CALLS_PERIOD = Duration.hours(6);
const CALLS_PERCENT = 5;
const FEWEST_CALLS = 100;

export const CALLS_FAIL = "CallsFail";

export function merchantAlarms(settings: Settings): AlarmShapes {
  return {
    DeadLettersOfMerchants: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.deadLettersOfMerchants,
      what: `More than ${GIVEN_UP_PERCENT} % of what was settled was given up through faults of merchants.`,
      metric: percentGivenUpByMerchants(settings, GIVEN_UP_PERIOD),
      threshold: GIVEN_UP_PERCENT,
    },
    [CALLS_FAIL]: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.callsFail,
      what:
        `More than ${CALLS_PERCENT} of 100 calls of the last six hours failed, or were made late for a ` +
        "failed one's sake.",
      metric: percentFailedOrDelayed(CALLS_PERIOD),
      threshold: CALLS_PERCENT,
    },
  };
}

/**
 * Failed calls, and confirmations that waited in the table and came again; both are published all the time, be they 0.
 */
function percentFailedOrDelayed(period: Duration): IMetric {
  const sum = (metric: (typeof METRICS)[keyof typeof METRICS], service: string) =>
    pipelineMetric({ metric, service, statistic: Stats.SUM, period });
  return new MathExpression({
    expression: `IF(delivered + failed >= ${FEWEST_CALLS}, 100 * (failed + released) / (delivered + failed), 0)`,
    usingMetrics: {
      delivered: sum(METRICS.delivered, WORKER_SERVICE),
      failed: sum(METRICS.attemptFailed, WORKER_SERVICE),
      released: sum(METRICS.released, FUNCTION_NAMES.releaseDue),
    },
    period,
    label: "Percent of calls that failed or were delayed",
  });
}
