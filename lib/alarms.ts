/**
 * The alarms, each with the address of its heading in the runbook. What is our fault, or keeps everybody waiting, goes to the topic that
 * somebody is woken by; what is a merchant's, and can wait for the morning, to the one for tickets.
 */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { METRICS, WORKER_SERVICE } from "../core/names.ts";
import { MAX_WAITS_IN_QUEUE } from "../core/next-step.ts";
import type { Settings } from "../core/settings.ts";
import { AlarmTopic } from "./alarm-topic.ts";
import type { ConfirmationQueues } from "./confirmation-queues.ts";
import { DEAD_LETTER_SENDERS, deadLettersOfPipeline, percentGivenUpByMerchants } from "./dead-letter-metrics.ts";
import { pipelineMetric } from "./pipeline-metrics.ts";
import { RUNBOOK_HEADINGS, runbookAddress } from "./runbook.ts";
import type { StageProps } from "./stage.ts";

const PERIOD = Duration.minutes(1);
/** Delay that is a fault of ours, beyond what a message may spend in the queue by design. */
const LATE_SECONDS = 300;
const LATE_MINUTES_TO_ALARM = 3;
/** Long enough that one merchant's burst of last tries is not a rate. */
const RATE_PERIOD = Duration.minutes(15);
const GIVEN_UP_PERCENT = 1;

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
}

/** Seconds that a message may be in the queue while all is well: every try and wait that is spent there, on whichever schedule. */
export function longestStayInQueueSeconds({ retry, delivery }: Settings): number {
  const waits = retry.inQueueMaxSeconds === 0 ? 0 : MAX_WAITS_IN_QUEUE;
  return waits * retry.inQueueMaxSeconds + Math.ceil(((waits + 1) * delivery.deadlineMs) / 1000);
}

export class Alarms extends Construct {
  /** For what somebody has to get up. */
  readonly topic: Topic;
  readonly tickets: Topic;

  constructor(scope: Construct, id: string, { settings, keys, queues }: AlarmsProps) {
    super(scope, id);
    this.topic = new AlarmTopic(this, "Topic", { displayName: "Confirmation pipeline alarms", keys });
    this.tickets = new AlarmTopic(this, "Tickets", { displayName: "Confirmation pipeline tickets", keys });

    this.#alarm("DeadLetters", {
      topic: this.tickets,
      heading: RUNBOOK_HEADINGS.deadLetters,
      what: "There are dead letters in confirmations-dl.fifo.",
      metric: queues.deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
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
  }

  #alarm(id: string, { topic, heading, what, metric, threshold, periods = 1 }: AlarmShape): void {
    const action = new SnsAction(topic);
    const alarm = new Alarm(this, id, {
      alarmDescription: `${what} Runbook: ${runbookAddress(heading)}`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
