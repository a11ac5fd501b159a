/**
 * The alarms, each with the address of its heading in the runbook, and the topic that they are sent to. The topic is encrypted with a key
 * of our own that CloudWatch may use: with the default key CloudWatch would drop every message in silence.
 */
import { ArnFormat, Duration, Stack } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { MAX_WAITS_IN_QUEUE } from "../core/next-step.ts";
import type { Settings } from "../core/settings.ts";
import type { ConfirmationQueues } from "./confirmation-queues.ts";
import { RUNBOOK_HEADINGS, runbookAddress } from "./runbook.ts";
import type { StageProps } from "./stage.ts";

const PERIOD = Duration.minutes(1);
/** Delay that is a fault of ours, beyond what a message may spend in the queue by design. */
const LATE_SECONDS = 300;
const LATE_MINUTES_TO_ALARM = 3;
/** Beyond the time to give up: the last looks at the head of a group come up to an hour apart, and one try follows. */
const ORDERED_LATE_SECONDS = 7200;
/** Messages from the oldest on among which SQS looks for a free group (SQS Developer Guide, "Avoid large message backlogs with the same message group ID"). */
const SCANNED_MESSAGES = 120_000;
const UNREAD_MINUTES_TO_ALARM = 5;

export interface AlarmsProps extends Pick<StageProps, "settings" | "keys"> {
  readonly queues: ConfirmationQueues;
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
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { settings, keys, queues }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", {
      displayName: "Confirmation pipeline alarms",
      masterKey: keys.operations,
      enforceSSL: true,
    });
    this.#admitAlarms();

    this.#alarm("DeadLetters", {
      heading: RUNBOOK_HEADINGS.deadLetters,
      what: "There are dead letters in confirmations-dl.fifo.",
      metric: queues.deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
      threshold: 0,
      minutes: 1,
    });
    this.#alarm("OldestMessage", {
      heading: RUNBOOK_HEADINGS.oldestMessage,
      what: "The oldest message in confirmations.fifo waits longer than tries and waits in the queue explain.",
      metric: queues.confirmations.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM }),
      threshold: longestStayInQueueSeconds(settings) + LATE_SECONDS,
      minutes: LATE_MINUTES_TO_ALARM,
    });
    const ofOrdered = { period: PERIOD, statistic: Stats.MAXIMUM };
    this.#alarm("OldestOrdered", {
      heading: RUNBOOK_HEADINGS.oldestOrdered,
      what: "The oldest message in confirmations-ordered.fifo is older than the time after which it is given up.",
      metric: queues.ordered.metricApproximateAgeOfOldestMessage(ofOrdered),
      threshold: settings.retry.deliverWithinSeconds + ORDERED_LATE_SECONDS,
      minutes: LATE_MINUTES_TO_ALARM,
    });
    this.#alarm("OrderedBacklog", {
      heading: RUNBOOK_HEADINGS.orderedBacklog,
      what: "More messages are held back in confirmations-ordered.fifo than SQS looks through for free groups, or soon will be.",
      metric: queues.ordered.metricApproximateNumberOfMessagesVisible(ofOrdered),
      threshold: SCANNED_MESSAGES / 2,
      minutes: LATE_MINUTES_TO_ALARM,
    });
    this.#alarm("OrderedUnread", {
      heading: RUNBOOK_HEADINGS.orderedUnread,
      what: "Messages wait in confirmations-ordered.fifo, and no worker asks for any.",
      metric: unreadMetric(queues.ordered),
      threshold: 0,
      minutes: UNREAD_MINUTES_TO_ALARM,
    });
  }

  #alarm(
    id: string,
    {
      heading,
      what,
      metric,
      threshold,
      minutes,
    }: { heading: string; what: string; metric: IMetric; threshold: number; minutes: number },
  ): void {
    const action = new SnsAction(this.topic);
    const alarm = new Alarm(this, id, {
      alarmDescription: `${what} Runbook: ${runbookAddress(heading)}`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: minutes,
      treatMissingData: TreatMissingData.NOT_BREACHING,
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
