/** Confirmations that wait in a queue for longer than they should, and queues close to what SQS allows. */
import { type IMetric, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { MAX_WAITS_IN_QUEUE } from "../../core/retry/next-step.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { ConfirmationQueues } from "./confirmation-queues.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";
import { type AlarmShapes, MINUTE } from "../alarms/alarm-shape.ts";

/** Delay that is a fault of ours, beyond what a message may spend in the queue by design. */
const LATE_SECONDS = 300;
const LATE_MINUTES = 3;
/**
 * Beyond the time to give up: the last looks at the head of a group come up to an hour apart, and one attempt follows.
 */
const ORDERED_LATE_SECONDS = 7200;
/**
 * Messages from the oldest on among which SQS looks for a free group (SQS Developer Guide, "Avoid large message
 * backlogs with the same message group ID"), and as many may be in flight.
 */
const QUOTA_MESSAGES = 120_000;
/** Early enough to do something: failing messages are held down to 1 %. */
const IN_FLIGHT_SHARE = 0.6;
const UNREAD_MINUTES = 5;

/**
 * Seconds that a message may be in the queue while all is well: every attempt and wait that is spent there, on
 * whichever schedule.
 */
export function longestStayInQueueSeconds({ retry, delivery }: Settings): number {
  const waits = retry.inQueueMaxSeconds === 0 ? 0 : MAX_WAITS_IN_QUEUE;
  return waits * retry.inQueueMaxSeconds + Math.ceil(((waits + 1) * delivery.deadlineMs) / 1000);
}

export function queueAlarms(settings: Settings, { confirmations, ordered }: ConfirmationQueues): AlarmShapes {
  const most = { period: MINUTE, statistic: Stats.MAXIMUM };
  return {
    OldestMessage: {
      kind: "cause",
      heading: RUNBOOK_HEADINGS.oldestMessage,
      what: "The oldest message in confirmations.fifo waits longer than tries and waits in the queue explain.",
      metric: confirmations.metricApproximateAgeOfOldestMessage(most),
      threshold: longestStayInQueueSeconds(settings) + LATE_SECONDS,
      periods: LATE_MINUTES,
    },
    InFlight: inFlight("confirmations.fifo", confirmations),
    InFlightOrdered: inFlight("confirmations-ordered.fifo", ordered),
    OldestOrdered: {
      kind: "cause",
      heading: RUNBOOK_HEADINGS.oldestOrdered,
      what: "The oldest message in confirmations-ordered.fifo is older than the time after which it is given up.",
      metric: ordered.metricApproximateAgeOfOldestMessage(most),
      threshold: settings.retry.deliverWithinSeconds + ORDERED_LATE_SECONDS,
      periods: LATE_MINUTES,
    },
    OrderedBacklog: {
      kind: "cause",
      heading: RUNBOOK_HEADINGS.orderedBacklog,
      what:
        "More messages are held back in confirmations-ordered.fifo than SQS looks through for free groups, " +
        "or soon will be.",
      metric: ordered.metricApproximateNumberOfMessagesVisible(most),
      threshold: QUOTA_MESSAGES / 2,
      periods: LATE_MINUTES,
    },
    OrderedUnread: {
      kind: "cause",
      heading: RUNBOOK_HEADINGS.orderedUnread,
      what: "Messages wait in confirmations-ordered.fifo, and no worker asks for any.",
      metric: unreadMetric(ordered),
      threshold: 0,
      periods: UNREAD_MINUTES,
    },
  };
}

function inFlight(name: string, queue: IQueue): AlarmShapes[string] {
  return {
    kind: "cause",
    heading: RUNBOOK_HEADINGS.inFlight,
    what:
      `More than ${IN_FLIGHT_SHARE * 100} % of what SQS allows is in flight in ${name}; at all of it nobody ` +
      "gets anything more.",
    metric: queue.metricApproximateNumberOfMessagesNotVisible({ period: MINUTE, statistic: Stats.MAXIMUM }),
    threshold: IN_FLIGHT_SHARE * QUOTA_MESSAGES,
    periods: LATE_MINUTES,
  };
}

/**
 * 1 for a minute in which messages waited and nobody asked for any, else 0. A worker asks every few seconds, whatever
 * it gets.
 */
function unreadMetric(queue: IQueue): IMetric {
  return new MathExpression({
    expression: "IF(waiting > 0 AND (FILL(received, 0) + FILL(empty, 0)) < 1, 1, 0)",
    usingMetrics: {
      waiting: queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: Stats.MAXIMUM }),
      received: queue.metricNumberOfMessagesReceived({ period: MINUTE, statistic: Stats.SUM }),
      empty: queue.metricNumberOfEmptyReceives({ period: MINUTE, statistic: Stats.SUM }),
    },
    period: MINUTE,
  });
}
