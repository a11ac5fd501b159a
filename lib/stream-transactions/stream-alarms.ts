/** Intake that is behind: versions that are owed wait in the stream, where no queue shows them. */
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { type AlarmShapes, MINUTE } from "../alarms/alarm-shape.ts";
import { functionMetric } from "../alarms/function-metric.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";

const LATE_MS = 300_000;
const LATE_MINUTES = 5;

export function streamAlarms(): AlarmShapes {
  return {
    StreamBehind: {
      kind: "cause",
      heading: RUNBOOK_HEADINGS.streamBehind,
      what: "The stream of Transactions is read minutes late, or some shard of it is not read at all.",
      metric: functionMetric("IteratorAge", FUNCTION_NAMES.streamTransactions, MINUTE, Stats.MAXIMUM),
      threshold: LATE_MS,
      periods: LATE_MINUTES,
    },
  };
}
