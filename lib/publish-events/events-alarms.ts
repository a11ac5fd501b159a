/** Events that are late, or that nobody will get. Neither holds up a confirmation. */
import { Duration } from "aws-cdk-lib";
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FUNCTION_NAMES, METRICS } from "../../core/settings/names.ts";
import { type AlarmShapes, MINUTE } from "../alarms/alarm-shape.ts";
import { functionMetric } from "../alarms/function-metric.ts";
import { pipelineMetric } from "../alarms/pipeline-metrics.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";

const LATE_MS = 900_000;
const LATE_MINUTES = 5;
const REFUSED_PERIOD = Duration.minutes(5);

export function eventsAlarms(): AlarmShapes {
  return {
    EventsBehind: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.eventsBehind,
      what: "Events are published late, or not at all; after 22 hours they are lost to consumers.",
      metric: functionMetric("IteratorAge", FUNCTION_NAMES.publishEvents, MINUTE, Stats.MAXIMUM),
      threshold: LATE_MS,
      periods: LATE_MINUTES,
    },
    EventsRefused: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.eventsRefused,
      what: "SNS refuses events that are published; consumers do not get them.",
      metric: pipelineMetric({
        metric: METRICS.eventsRefused,
        service: FUNCTION_NAMES.publishEvents,
        statistic: Stats.SUM,
        period: REFUSED_PERIOD,
      }),
      threshold: 0,
    },
  };
}
