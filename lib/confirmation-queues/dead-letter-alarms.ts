/**
 * Dead letters by whose fault they are, and rows that cannot be read. One of ours is a ticket: its transaction waits
 * safely in the queue for dead letters. Many of them use up the budget of the objective, and that wakes somebody.
 */
import { Duration } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { METRICS } from "../../core/settings/names.ts";
import type { ConfirmationQueues } from "./confirmation-queues.ts";
import { DEAD_LETTER_SENDERS, deadLettersOfPipeline } from "./dead-letter-metrics.ts";
import { pipelineMetric } from "../alarms/pipeline-metrics.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";
import { type AlarmShapes, MINUTE } from "../alarms/alarm-shape.ts";

/** A wave of dead letters is over after this long without one; the next one is told again. */
const WAVE = Duration.minutes(5);
const SENDERS = Object.entries(DEAD_LETTER_SENDERS);

export function deadLetterAlarms({ deadLetters }: ConfirmationQueues): AlarmShapes {
  return {
    DeadLetters: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.deadLetters,
      what: "There are dead letters in confirmations-dl.fifo.",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: Stats.MAXIMUM }),
      threshold: 0,
    },
    NewDeadLetters: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.newDeadLetters,
      what: "New dead letters came into confirmations-dl.fifo, however many were in there before.",
      metric: deadLetters.metricNumberOfMessagesSent({ period: WAVE, statistic: Stats.SUM }),
      threshold: 0,
    },
    ...Object.fromEntries(
      SENDERS.map(([program, service]) => [
        `DeadLettersOfPipeline${program}`,
        {
          kind: "ticket",
          heading: RUNBOOK_HEADINGS.deadLettersOfPipeline,
          what: `${service} gave up confirmations through a fault of the pipeline.`,
          metric: deadLettersOfPipeline(service, MINUTE),
          threshold: 0,
        },
      ]),
    ),
    ...Object.fromEntries(
      SENDERS.map(([program, service]) => [
        `SetAside${program}`,
        {
          kind: "ticket",
          heading: RUNBOOK_HEADINGS.setAside,
          what: `${service} set aside what it could not read.`,
          metric: pipelineMetric({ metric: METRICS.setAside, service, statistic: Stats.SUM, period: WAVE }),
          threshold: 0,
        },
      ]),
    ),
  };
}
