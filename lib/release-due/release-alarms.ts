/** Release that stands still: what is due, or was lost on its way, waits in the table with nobody to put it back. */
import { Duration } from "aws-cdk-lib";
import { ComparisonOperator, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { AlarmShapes } from "../alarms/alarm-shape.ts";
import { functionMetric } from "../alarms/function-metric.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";

const PERIOD = Duration.minutes(5);
const PERIODS = 2;

export function releaseAlarms(): AlarmShapes {
  return {
    NothingReleased: {
      kind: "cause",
      heading: RUNBOOK_HEADINGS.nothingReleased,
      what: "release-due has not run to its end for ten minutes.",
      metric: new MathExpression({
        expression: "runs - errors",
        usingMetrics: {
          runs: functionMetric("Invocations", FUNCTION_NAMES.releaseDue, PERIOD),
          errors: functionMetric("Errors", FUNCTION_NAMES.releaseDue, PERIOD),
        },
        period: PERIOD,
      }),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: PERIODS,
      missing: TreatMissingData.BREACHING,
    },
  };
}
