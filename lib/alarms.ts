/**
 * The alarms, each with the address of its heading in the runbook, and the topic that they are sent to. The topic is encrypted with a key
 * of our own that CloudWatch may use: with the default key CloudWatch would drop every message in silence.
 */
import { ArnFormat, Duration, Stack } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  type Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { FUNCTION_NAMES, METRICS, WORKER_SERVICE } from "../core/names.ts";
import { MAX_WAITS_IN_QUEUE } from "../core/next-step.ts";
import type { Settings } from "../core/settings.ts";
import type { ConfirmationQueues } from "./confirmation-queues.ts";
import { pipelineMetric } from "./pipeline-metrics.ts";
import { RUNBOOK_HEADINGS, runbookAddress } from "./runbook.ts";
import type { StageProps } from "./stage.ts";

const PERIOD = Duration.minutes(1);
/** A wave of dead letters is over after this long without one; the next one is told again. */
const WAVE = Duration.minutes(5);
/** Delay that is a fault of ours, beyond what a message may spend in the queue by design. */
const LATE_SECONDS = 300;
const LATE_MINUTES_TO_ALARM = 3;
const AUDIT_PERIOD = Duration.hours(1);
/** Audits in a row that said nothing. */
const SILENT_AUDITS = 3;

interface AlarmShape {
  readonly heading: string;
  readonly what: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Periods of the metric in a row that raise the alarm. */
  readonly periods: number;
  readonly runbookUrl: string | undefined;
  /** @default above the threshold */
  readonly comparison?: ComparisonOperator;
  /** What a period without data means. @default all is well */
  readonly missing?: TreatMissingData;
}

function auditMetric(statistic: string): Metric {
  return pipelineMetric({
    metric: METRICS.lost,
    service: FUNCTION_NAMES.auditTransactions,
    statistic,
    period: AUDIT_PERIOD,
  });
}

export interface AlarmsProps extends Pick<StageProps, "settings" | "keys"> {
  readonly queues: ConfirmationQueues;
}

/** Seconds that a message may be in the queue while all is well: every try and wait that is spent there, on whichever schedule. */
export function longestStayInQueueSeconds({ retry, delivery }: Settings): number {
  const waits = retry.inQueueMaxSeconds === 0 ? 0 : MAX_WAITS_IN_QUEUE;
  return waits * retry.inQueueMaxSeconds + Math.ceil(((waits + 1) * delivery.deadlineMs) / 1000);
}

export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { settings, keys, queues }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", {
      displayName: "Confirmation pipeline alarms",
      masterKey: keys.operations,
      enforceSSL: true,
    });
    this.#admitAlarms();

    const { runbookUrl } = settings.alarms;
    this.#alarm("DeadLetters", {
      heading: RUNBOOK_HEADINGS.deadLetters,
      what: "There are dead letters in confirmations-dl.fifo.",
      metric: queues.deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
      threshold: 0,
      periods: 1,
      runbookUrl,
    });
    this.#alarm("NewDeadLetters", {
      heading: RUNBOOK_HEADINGS.newDeadLetters,
      what: "New dead letters came into confirmations-dl.fifo, however many were in there before.",
      metric: queues.deadLetters.metricNumberOfMessagesSent({ period: WAVE, statistic: Stats.SUM }),
      threshold: 0,
      periods: 1,
      runbookUrl,
    });
    this.#alarm("OldestMessage", {
      heading: RUNBOOK_HEADINGS.oldestMessage,
      what: "The oldest message in confirmations.fifo waits longer than tries and waits in the queue explain.",
      metric: queues.confirmations.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM }),
      threshold: longestStayInQueueSeconds(settings) + LATE_SECONDS,
      periods: LATE_MINUTES_TO_ALARM,
      runbookUrl,
    });
    this.#alarm("EgressFault", {
      heading: RUNBOOK_HEADINGS.egressFault,
      what: "A worker reaches no merchant: its network or name servers are at fault, and it has stopped receiving.",
      metric: pipelineMetric({
        metric: METRICS.egressFault,
        service: WORKER_SERVICE,
        statistic: Stats.MAXIMUM,
        period: PERIOD,
      }),
      threshold: 0,
      periods: 1,
      runbookUrl,
    });
    this.#alarm("Lost", {
      heading: RUNBOOK_HEADINGS.lost,
      what: "The audit knows transactions that are neither settled nor on their way.",
      metric: auditMetric(Stats.MAXIMUM),
      threshold: 0,
      // Of the last audit that said something, however long ago.
      periods: 1,
      missing: TreatMissingData.IGNORE,
      runbookUrl,
    });
    this.#alarm("AuditSilent", {
      heading: RUNBOOK_HEADINGS.auditSilent,
      what: "The audit has not said for hours whether transactions are lost.",
      metric: auditMetric(Stats.SAMPLE_COUNT),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: SILENT_AUDITS * settings.audit.everyHours,
      missing: TreatMissingData.BREACHING,
      runbookUrl,
    });
  }

  #alarm(
    id: string,
    {
      heading,
      what,
      metric,
      threshold,
      periods,
      comparison = ComparisonOperator.GREATER_THAN_THRESHOLD,
      missing = TreatMissingData.NOT_BREACHING,
      runbookUrl,
    }: AlarmShape,
  ): void {
    const action = new SnsAction(this.topic);
    const alarm = new Alarm(this, id, {
      alarmDescription: `${what} Runbook: ${runbookAddress(heading, runbookUrl)}`,
      metric,
      threshold,
      comparisonOperator: comparison,
      evaluationPeriods: periods,
      treatMissingData: missing,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  /** Said outright: the topic's policy of its own, which demands TLS, takes the place of the default that would let alarms in. */
  #admitAlarms(): void {
    const stack = Stack.of(this);
    const alarms = stack.formatArn({
      service: "cloudwatch",
      resource: "alarm",
      resourceName: "*",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: { ArnLike: { "aws:SourceArn": alarms } },
      }),
    );
  }
}
