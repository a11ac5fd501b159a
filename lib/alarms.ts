/**
 * The alarms, each with the address of its heading in the runbook. What is our fault, or keeps everybody waiting, goes to the topic that
 * somebody is woken by; what is a merchant's, and can wait for the morning, to the one for tickets.
 */
import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmBase,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Topic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { FUNCTION_NAMES, METRICS, WORKER_SERVICE } from "../core/names.ts";
import { MAX_WAITS_IN_QUEUE } from "../core/next-step.ts";
import type { Settings } from "../core/settings.ts";
import { AlarmTopic } from "./alarm-topic.ts";
import type { ConfirmationQueues } from "./confirmation-queues.ts";
import { DEAD_LETTER_SENDERS, deadLettersOfPipeline, percentGivenUpByMerchants } from "./dead-letter-metrics.ts";
import { pipelineMetric } from "./pipeline-metrics.ts";
import { RUNBOOK_HEADINGS, runbookAddress } from "./runbook.ts";
import type { StageProps } from "./stage.ts";

const PERIOD = Duration.minutes(1);
/** A wave of dead letters is over after this long without one; the next one is told again. */
const WAVE = Duration.minutes(5);
/** Delay that is a fault of ours, beyond what a message may spend in the queue by design. */
const LATE_SECONDS = 300;
const LATE_MINUTES_TO_ALARM = 3;
/** Beyond the time to give up: the last looks at the head of a group come up to an hour apart, and one try follows. */
const ORDERED_LATE_SECONDS = 7200;
/** Messages from the oldest on among which SQS looks for a free group (SQS Developer Guide, "Avoid large message backlogs with the same message group ID"). */
const SCANNED_MESSAGES = 120_000;
const UNREAD_MINUTES_TO_ALARM = 5;
/** Long enough that one merchant's burst of last tries is not a rate. */
const RATE_PERIOD = Duration.minutes(15);
const GIVEN_UP_PERCENT = 1;
const AUDIT_PERIOD = Duration.hours(1);
/** Audits in a row that said nothing. */
const SILENT_AUDITS = 3;

export interface AlarmsProps extends Pick<StageProps, "settings" | "keys"> {
  readonly queues: ConfirmationQueues;
}

interface AlarmShape {
  /** Who is told. */
  readonly topic: Topic;
  readonly heading: string;
  readonly what: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Periods of the metric in a row. @default 1 */
  readonly periods?: number;
  /** @default above the threshold */
  readonly comparison?: ComparisonOperator;
  /** What a period without data means. @default all is well */
  readonly missing?: TreatMissingData;
}

function auditMetric(statistic: string): Metric {
  const service = FUNCTION_NAMES.auditTransactions;
  return pipelineMetric({ metric: METRICS.lost, service, statistic, period: AUDIT_PERIOD });
}

/** Seconds that a message may be in the queue while all is well: every try and wait that is spent there, on whichever schedule. */
export function longestStayInQueueSeconds({ retry, delivery }: Settings): number {
  const waits = retry.inQueueMaxSeconds === 0 ? 0 : MAX_WAITS_IN_QUEUE;
  return waits * retry.inQueueMaxSeconds + Math.ceil(((waits + 1) * delivery.deadlineMs) / 1000);
}

/** 1 for a minute in which messages waited and nobody asked for any, else 0. A worker asks every few seconds, whatever it gets. */
function unreadMetric(queue: IQueue): IMetric {
  return new MathExpression({
    expression: "IF(waiting > 0 AND (FILL(received, 0) + FILL(empty, 0)) < 1, 1, 0)",
    usingMetrics: {
      waiting: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
      received: queue.metricNumberOfMessagesReceived({ period: PERIOD, statistic: Stats.SUM }),
      empty: queue.metricNumberOfEmptyReceives({ period: PERIOD, statistic: Stats.SUM }),
    },
    period: PERIOD,
  });
}

export class Alarms extends Construct {
  readonly #runbookUrl: string | undefined;
  /** For what somebody has to get up. */
  readonly topic: Topic;
  readonly tickets: Topic;
  readonly #all: AlarmBase[] = [];

  constructor(scope: Construct, id: string, { settings, keys, queues }: AlarmsProps) {
    super(scope, id);
    this.#runbookUrl = settings.alarms.runbookUrl;
    this.topic = new AlarmTopic(this, "Topic", { displayName: "Confirmation pipeline alarms", keys });
    this.tickets = new AlarmTopic(this, "Tickets", { displayName: "Confirmation pipeline tickets", keys });

    this.#alarm("DeadLetters", {
      topic: this.tickets,
      heading: RUNBOOK_HEADINGS.deadLetters,
      what: "There are dead letters in confirmations-dl.fifo.",
      metric: queues.deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
      threshold: 0,
    });
    this.#alarm("NewDeadLetters", {
      topic: this.tickets,
      heading: RUNBOOK_HEADINGS.newDeadLetters,
      what: "New dead letters came into confirmations-dl.fifo, however many were in there before.",
      metric: queues.deadLetters.metricNumberOfMessagesSent({ period: WAVE, statistic: Stats.SUM }),
      threshold: 0,
    });
    for (const [program, service] of Object.entries(DEAD_LETTER_SENDERS)) {
      this.#alarm(`DeadLettersOfPipeline${program}`, {
        topic: this.topic,
        heading: RUNBOOK_HEADINGS.deadLettersOfPipeline,
        what: `${service} gave up confirmations through a fault of the pipeline or of a producer.`,
        metric: deadLettersOfPipeline(service, PERIOD),
        threshold: 0,
      });
    }
    this.#alarm("DeadLettersOfMerchants", {
      topic: this.tickets,
      heading: RUNBOOK_HEADINGS.deadLettersOfMerchants,
      what: `More than ${GIVEN_UP_PERCENT} % of what was settled was given up through faults of merchants.`,
      metric: percentGivenUpByMerchants(RATE_PERIOD),
      threshold: GIVEN_UP_PERCENT,
    });
    this.#alarm("OldestMessage", {
      topic: this.topic,
      heading: RUNBOOK_HEADINGS.oldestMessage,
      what: "The oldest message in confirmations.fifo waits longer than tries and waits in the queue explain.",
      metric: queues.confirmations.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM }),
      threshold: longestStayInQueueSeconds(settings) + LATE_SECONDS,
      periods: LATE_MINUTES_TO_ALARM,
    });
    this.#alarm("EgressFault", {
      topic: this.topic,
      heading: RUNBOOK_HEADINGS.egressFault,
      what: "A worker reaches no merchant: its network or name servers are at fault, and it has stopped receiving.",
      metric: pipelineMetric({
        metric: METRICS.egressFault,
        service: WORKER_SERVICE,
        statistic: Stats.MAXIMUM,
        period: PERIOD,
      }),
      threshold: 0,
    });
    this.#alarm("Lost", {
      topic: this.topic,
      heading: RUNBOOK_HEADINGS.lost,
      what: "The audit knows transactions that are neither settled nor on their way.",
      metric: auditMetric(Stats.MAXIMUM),
      threshold: 0,
      // Of the last audit that said something, however long ago.
      missing: TreatMissingData.IGNORE,
    });
    this.#alarm("AuditSilent", {
      topic: this.topic,
      heading: RUNBOOK_HEADINGS.auditSilent,
      what: "The audit has not said for hours whether transactions are lost.",
      metric: auditMetric(Stats.SAMPLE_COUNT),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: SILENT_AUDITS * settings.audit.everyHours,
      missing: TreatMissingData.BREACHING,
    });
    const ofOrdered = { period: PERIOD, statistic: Stats.MAXIMUM };
    this.#alarm("OldestOrdered", {
      topic: this.topic,
      heading: RUNBOOK_HEADINGS.oldestOrdered,
      what: "The oldest message in confirmations-ordered.fifo is older than the time after which it is given up.",
      metric: queues.ordered.metricApproximateAgeOfOldestMessage(ofOrdered),
      threshold: settings.retry.deliverWithinSeconds + ORDERED_LATE_SECONDS,
      periods: LATE_MINUTES_TO_ALARM,
    });
    this.#alarm("OrderedBacklog", {
      topic: this.topic,
      heading: RUNBOOK_HEADINGS.orderedBacklog,
      what: "More messages are held back in confirmations-ordered.fifo than SQS looks through for free groups, or soon will be.",
      metric: queues.ordered.metricApproximateNumberOfMessagesVisible(ofOrdered),
      threshold: SCANNED_MESSAGES / 2,
      periods: LATE_MINUTES_TO_ALARM,
    });
    this.#alarm("OrderedUnread", {
      topic: this.topic,
      heading: RUNBOOK_HEADINGS.orderedUnread,
      what: "Messages wait in confirmations-ordered.fifo, and no worker asks for any.",
      metric: unreadMetric(queues.ordered),
      threshold: 0,
      periods: UNREAD_MINUTES_TO_ALARM,
    });
  }

  /** In the order in which they are made. */
  get all(): readonly AlarmBase[] {
    return this.#all;
  }

  #alarm(id: string, shape: AlarmShape): void {
    const { topic, heading, what, metric, threshold, periods = 1 } = shape;
    const { comparison = ComparisonOperator.GREATER_THAN_THRESHOLD, missing = TreatMissingData.NOT_BREACHING } = shape;
    const action = new SnsAction(topic);
    const alarm = new Alarm(this, id, {
      alarmDescription: `${what} Runbook: ${runbookAddress(heading, this.#runbookUrl)}`,
      metric,
      threshold,
      comparisonOperator: comparison,
      evaluationPeriods: periods,
      treatMissingData: missing,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    this.#all.push(alarm);
  }
}
