/** SMS that wait since they would cost more than the settings let a month cost. */
import { Stats } from "aws-cdk-lib/aws-cloudwatch";
import { callerOf } from "../../core/settings/mode-programs.ts";
import { METRICS } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { type AlarmShapes, MINUTE } from "./alarm-shape.ts";
import { pipelineMetric } from "./pipeline-metrics.ts";
import { RUNBOOK_HEADINGS } from "./runbook.ts";

export function channelAlarms({ channels, delivery }: Pick<Settings, "channels" | "delivery">): AlarmShapes {
  if (!channels.kinds.includes("sms")) return {};
  return {
    SmsOverCap: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.smsOverCap,
      what: `SMS would cost more this month than channels.sms.maximumMonthlyUsd, ${channels.sms.maximumMonthlyUsd}.`,
      metric: pipelineMetric({
        metric: METRICS.smsOverCap,
        service: callerOf(delivery.mode),
        statistic: Stats.SUM,
        period: MINUTE,
      }),
      threshold: 0,
    },
  };
}
