/**
 * What channels do not get through for what our own account has: SMS beyond their spending cap, what any service keeps
 * back, and bounces and complaints before SES reviews the account for them.
 */
import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { callerOf } from "../../core/settings/mode-programs.ts";
import { FUNCTION_NAMES, METRICS, METRICS_NAMESPACE } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { type AlarmShape, type AlarmShapes, MINUTE } from "./alarm-shape.ts";
import { pipelineMetric } from "./pipeline-metrics.ts";
import { RUNBOOK_HEADINGS } from "./runbook.ts";

const FIVE_MINUTES = Duration.minutes(5);
const HELD_BACK_PERIODS = 6;
const SIX_HOURS = Duration.hours(6);
/** Fewer mails are no rate. */
const FEWEST_MAILS = 100;
/**
 * Percent of mails that bounce, and that are complained of: half of what SES reviews an account for, 5 % and 0.1 %.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/reputation-dashboard-dg.html
 */
const MOST_BOUNCES = 2.5;
const MOST_COMPLAINTS = 0.05;

type OfChannels = Pick<Settings, "channels" | "delivery">;

export function channelAlarms(settings: OfChannels): AlarmShapes {
  const { kinds } = settings.channels;
  return {
    ...(kinds.length > 0 && heldBack(settings)),
    ...(kinds.includes("email") && mailAlarms(settings)),
    ...(kinds.includes("sms") && smsOverCap(settings)),
  };
}

function heldBack({ delivery }: OfChannels): AlarmShapes {
  return {
    ChannelsHeldBack: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.channelsHeldBack,
      what: "For half an hour messages of channels have waited for limits, rights or settings of our own account.",
      metric: pipelineMetric({
        metric: METRICS.channelHeldBack,
        service: callerOf(delivery.mode),
        statistic: Stats.SUM,
        period: FIVE_MINUTES,
      }),
      threshold: 0,
      periods: HELD_BACK_PERIODS,
    },
  };
}

function mailAlarms(settings: OfChannels): AlarmShapes {
  const bounced = new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: METRICS.undelivered,
    dimensionsMap: { service: FUNCTION_NAMES.receiveReceipts, kind: "email" },
    statistic: Stats.SUM,
    period: SIX_HOURS,
  });
  const complained = pipelineMetric({
    metric: METRICS.complaints,
    service: FUNCTION_NAMES.receiveReceipts,
    statistic: Stats.SUM,
    period: SIX_HOURS,
  });
  return {
    MailsBounce: mailsTicket(
      `More than ${MOST_BOUNCES} % of mails did not arrive; SES reviews an account for 5 %.`,
      percentOfMails(settings, bounced, "Percent of mails that did not arrive"),
      MOST_BOUNCES,
    ),
    MailsComplainedOf: mailsTicket(
      `More than ${MOST_COMPLAINTS} % of mails were complained of; SES reviews an account for 0.1 %.`,
      percentOfMails(settings, complained, "Percent of mails that were complained of"),
      MOST_COMPLAINTS,
    ),
  };
}

function mailsTicket(what: string, metric: IMetric, threshold: number): AlarmShape {
  return { kind: "ticket", heading: RUNBOOK_HEADINGS.mailsBounce, what, metric, threshold };
}

/** 0 while that is only a handful. */
function percentOfMails({ delivery }: OfChannels, part: IMetric, label: string): IMetric {
  const sent = pipelineMetric({
    metric: METRICS.emailSent,
    service: callerOf(delivery.mode),
    statistic: Stats.SUM,
    period: SIX_HOURS,
  });
  return new MathExpression({
    expression: `IF(sent >= ${FEWEST_MAILS}, 100 * FILL(part, 0) / sent, 0)`,
    usingMetrics: { sent, part },
    period: SIX_HOURS,
    label,
  });
}

function smsOverCap({ channels, delivery }: OfChannels): AlarmShapes {
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
