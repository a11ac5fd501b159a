/**
 * What an alarm is, apart from how the CDK makes one. Every group of alarms is a table of these, by the id of the
 * alarm.
 *
 * Who is told follows from what it is:
 *   page    a symptom: confirmations do not get through, or a promise is broken. Somebody gets up.
 *   cause   something that will be a symptom soon, or is one for a few. In a ticket, and part of the composite that
 *     pages for causes.
 *   ticket  somebody looks at it in working hours.
 *   part    means nothing by itself; composites are made of it.
 */
import { Duration } from "aws-cdk-lib";
import type { ComparisonOperator, IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";

export type AlarmKind = "page" | "cause" | "ticket" | "part";

export interface AlarmShape {
  readonly kind: AlarmKind;
  /** One of the headings of the runbook. */
  readonly heading: string;
  readonly what: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Periods of the metric that are looked at. @default 1 */
  readonly periods?: number;
  /** Periods of those that must be beyond the threshold. @default all of them */
  readonly breaching?: number;
  /** @default above the threshold */
  readonly comparison?: ComparisonOperator;
  /** What a period without data means. @default all is well */
  readonly missing?: TreatMissingData;
}

export type AlarmShapes = Readonly<Record<string, AlarmShape>>;

export const MINUTE = Duration.minutes(1);
