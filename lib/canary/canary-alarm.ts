/**
 * End to end first: the canary of a minute was not confirmed in time, or nobody could say. Either counts, since whoever
 * is silent is down too.
 */
import { Duration } from "aws-cdk-lib";
import { ComparisonOperator, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { FUNCTION_NAMES, METRICS } from "../../core/settings/names.ts";
import { pipelineMetric } from "../alarms/pipeline-metrics.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { AlarmShapes } from "../alarms/alarm-shape.ts";

/** One that was unlucky, as a task that is killed makes it, wakes nobody. */
const FAILURES = 3;
const OF_CANARIES = 5;

export function canaryAlarm({ canary }: Settings): AlarmShapes {
  return {
    Canary: {
      kind: "part",
      heading: RUNBOOK_HEADINGS.canary,
      what: `${FAILURES} of the last ${OF_CANARIES} canaries were not confirmed in time, or there were none.`,
      metric: pipelineMetric({
        metric: METRICS.canaryConfirmed,
        service: FUNCTION_NAMES.canary,
        statistic: Stats.MINIMUM,
        period: Duration.minutes(canary.everyMinutes),
      }),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: OF_CANARIES,
      breaching: FAILURES,
      missing: TreatMissingData.BREACHING,
    },
  };
}
