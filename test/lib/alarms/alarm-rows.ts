/**
 * The metric alarms of a template as rows of a table: what each looks at, beyond what it is raised, who is told, and
 * where the runbook has it.
 */
import type { Template } from "aws-cdk-lib/assertions";

export interface AlarmRow {
  readonly id: string;
  /** Metric, or expression over metrics. */
  readonly of: string;
  /** `> 5 in 3 of 5 × 60 s`. */
  readonly when: string;
  readonly missing: string;
  readonly told: "page" | "ticket" | "nobody";
  readonly address: string;
}

const SIGNS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: ">=",
  LessThanThreshold: "<",
};

interface Metric {
  readonly Expression?: string;
  readonly MetricStat?: { readonly Period: number };
}

export function alarmRows(template: Template): AlarmRow[] {
  return Object.entries(template.findResources("AWS::CloudWatch::Alarm")).map(([logicalId, { Properties: its }]) => {
    const metrics: readonly Metric[] = its.Metrics ?? [];
    const period = its.Period ?? metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period;
    return {
      id: idOf(logicalId),
      of: its.MetricName ?? metrics.find(({ Expression }) => Expression !== undefined)?.Expression,
      when:
        `${SIGNS[its.ComparisonOperator]} ${its.Threshold} in ${its.DatapointsToAlarm} of ` +
        `${its.EvaluationPeriods} × ${period} s`,
      missing: its.TreatMissingData,
      told: reportedBy(its.AlarmActions),
      address: addressIn(its.AlarmDescription),
    };
  });
}

/** The id in the code: what CloudFormation knows it by, without the construct above and the hash behind. */
export function idOf(logicalId: string): string {
  return logicalId.replace(/^Alarms/, "").replace(/[0-9A-F]{8}$/, "");
}

export function reportedBy(actions: readonly { readonly Ref: string }[] = []): AlarmRow["told"] {
  if (actions.length === 0) return "nobody";
  return actions[0]?.Ref.startsWith("AlarmsTopic") === true ? "page" : "ticket";
}

export function addressIn(description: string): string {
  return /Runbook: (\S+)$/.exec(description)?.[1] ?? "";
}
