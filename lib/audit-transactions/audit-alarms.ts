/** The promise itself: nothing is lost, and somebody has looked. */
import { Duration } from "aws-cdk-lib";
import { ComparisonOperator, type Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { FUNCTION_NAMES, METRICS } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { pipelineMetric } from "../alarms/pipeline-metrics.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";
import type { AlarmShapes } from "../alarms/alarm-shape.ts";

const PERIOD = Duration.hours(1);
/** Audits in a row that said nothing. */
const SILENT_AUDITS = 3;

export function auditAlarms({ audit }: Settings): AlarmShapes {
  return {
    Lost: {
      kind: "page",
      heading: RUNBOOK_HEADINGS.lost,
      what: "The audit knows transactions that are neither settled nor on their way.",
      metric: lost(Stats.MAXIMUM),
      threshold: 0,
      // Of the last audit that said something, however long ago.
      missing: TreatMissingData.IGNORE,
    },
    AuditSilent: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.auditSilent,
      what: "The audit has not said for hours whether transactions are lost.",
      metric: lost(Stats.SAMPLE_COUNT),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: SILENT_AUDITS * audit.everyHours,
      missing: TreatMissingData.BREACHING,
    },
  };
}

function lost(statistic: string): Metric {
  return pipelineMetric({
    metric: METRICS.lost,
    service: FUNCTION_NAMES.auditTransactions,
    statistic,
    period: PERIOD,
  });
}
