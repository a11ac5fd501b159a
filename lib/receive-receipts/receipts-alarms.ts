/** Receipts that nobody recorded. Their steps wait until their time is over, and go on without them. */
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { type AlarmShapes, MINUTE } from "../alarms/alarm-shape.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";
import type { ReceiveReceipts } from "./receive-receipts.ts";

export function receiptsAlarms({ deadLetters }: Pick<ReceiveReceipts, "deadLetters">): AlarmShapes {
  return {
    ReceiptsUnrecorded: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.receiptsUnrecorded,
      what: "Receipts of messages that were sent are in receipts-dl: they could not be recorded.",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: Stats.MAXIMUM }),
      threshold: 0,
    },
  };
}
