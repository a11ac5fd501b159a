/** The issuer of access tokens gives no keys: whoever has a new token cannot use the API. */
import { Duration } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FUNCTION_NAMES, METRICS } from "../../core/settings/names.ts";
import type { AlarmShapes } from "../alarms/alarm-shape.ts";
import { pipelineMetric } from "../alarms/pipeline-metrics.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";

const PERIODS = 3;

export function issuerAlarm(): AlarmShapes {
  return {
    IssuerUnavailable: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.issuerUnavailable,
      what: "The issuer of access tokens gives no keys to verify them with.",
      metric: pipelineMetric({
        metric: METRICS.issuerUnavailable,
        service: FUNCTION_NAMES.apiAuthorizer,
        statistic: Stats.SUM,
        period: Duration.minutes(5),
      }),
      threshold: 0,
      periods: PERIODS,
    },
  };
}
