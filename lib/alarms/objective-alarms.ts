/**
 * The objectives: so many of what is terminal are confirmed, so many of those in time. Merchants' faults are not in the
 * first; in the second they cannot be told apart by a metric, so that whoever is woken for it is woken only while
 * merchants are well (`CallsFail`).
 */
import { type IMetric, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { callerOf } from "../../core/settings/mode-programs.ts";
import { FUNCTION_NAMES, METRICS } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { confirmedElsewhere } from "./confirmed-elsewhere.ts";
import { pipelineMetric } from "./pipeline-metrics.ts";
import { RUNBOOK_HEADINGS } from "./runbook.ts";
import type { AlarmShapes } from "./alarm-shape.ts";
import { BURN_FOR_DAYS, BURN_PAIRS, type BurnWindow, percentAt } from "./burn-rates.ts";

/** Fewer are no rate. */
const FEWEST = 10;
const PARTS = BURN_PAIRS.flatMap(({ long, short }) => [long, short]);

export type Objective = "Success" | "Late";

export function burnId(objective: Objective, { name }: BurnWindow): string {
  return `${objective}Burn${name}`;
}

export function objectiveAlarms(settings: Settings): AlarmShapes {
  const { objectives, delivery } = settings;
  const caller = callerOf(delivery.mode);
  const { successPercent, withinSeconds, withinPercent } = objectives;
  const success = (window: BurnWindow) => ({
    heading: RUNBOOK_HEADINGS.successBurn,
    what:
      `Confirmations fail through our own fault ${window.factor} times as often as ${successPercent} % ` +
      `allows, over ${window.name}.`,
    metric: percentFailed(window, settings),
    threshold: percentAt(window, successPercent),
    periods: window.periods,
  });
  const late = (window: BurnWindow) => ({
    heading: RUNBOOK_HEADINGS.lateBurn,
    what:
      `Confirmations take longer than ${withinSeconds} s ${window.factor} times as often as ` +
      `${withinPercent} % allows, over ${window.name}.`,
    metric: percentLate(window, withinSeconds, caller),
    threshold: percentAt(window, withinPercent),
    periods: window.periods,
  });
  return {
    ...Object.fromEntries(PARTS.map((window) => [burnId("Success", window), { kind: "part", ...success(window) }])),
    [burnId("Success", BURN_FOR_DAYS)]: { kind: "ticket", ...success(BURN_FOR_DAYS) },
    ...Object.fromEntries(PARTS.map((window) => [burnId("Late", window), { kind: "part", ...late(window) }])),
    [burnId("Late", BURN_FOR_DAYS)]: { kind: "ticket", ...late(BURN_FOR_DAYS) },
  };
}

/** What a producer wrote in error is counted apart, whichever program met it, and is not in here. */
function percentFailed({ period }: BurnWindow, settings: Settings): IMetric {
  const caller = callerOf(settings.delivery.mode);
  const elsewhere = confirmedElsewhere(settings, period);
  const sum = (metric: (typeof METRICS)[keyof typeof METRICS], service: string) =>
    pipelineMetric({ metric, service, statistic: Stats.SUM, period });
  return new MathExpression({
    expression:
      `IF(byWorker + byRelease >= ${FEWEST}, 100 * (byWorker + byRelease) / (byWorker + byRelease + ` +
      `confirmed${elsewhere.plus}), 0)`,
    usingMetrics: {
      byWorker: sum(METRICS.deadLetteredPipeline, caller),
      byRelease: sum(METRICS.deadLetteredPipeline, FUNCTION_NAMES.releaseDue),
      confirmed: sum(METRICS.confirmed, caller),
      ...elsewhere.usingMetrics,
    },
    period,
    label: "Percent given up by the pipeline's faults",
  });
}

function percentLate({ period }: BurnWindow, withinSeconds: number, caller: string): IMetric {
  const taken = (statistic: string) =>
    pipelineMetric({ metric: METRICS.commitToConfirmed, service: caller, statistic, period });
  return new MathExpression({
    expression: `IF(count >= ${FEWEST}, 100 - inTime, 0)`,
    usingMetrics: { inTime: taken(`PR(:${withinSeconds * 1000})`), count: taken(Stats.SAMPLE_COUNT) },
    period,
    label: `Percent confirmed after more than ${withinSeconds} s`,
  });
}
