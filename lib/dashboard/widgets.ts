/** A widget of CloudWatch for each kind of panel, and metrics and metric math as CDK has them. */
import { createHash } from "node:crypto";
import { Aws, Duration, Stack } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  ConcreteWidget,
  GraphWidget,
  type IMetric,
  type IWidget,
  LegendPosition,
  MathExpression,
  Metric,
  SingleValueWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import {
  type ContributorsPanel,
  isCalculated,
  type Panel,
  type Series,
  type Value,
} from "../../core/dashboard/panel.ts";
import { TONE_COLOURS, UNIT_LABELS } from "../../core/dashboard/show.ts";
import type { Alarms } from "../alarms/alarms.ts";

const PERIOD = Duration.minutes(1);
const HEIGHTS = { numbers: 4, lines: 6, areas: 6, contributors: 6, alarms: 6 } as const;
const ID_DIGITS = 12;

export function widgetOf(panel: Panel, alarms: Alarms): IWidget {
  const stack = Stack.of(alarms);
  const { title, columns: width, kind } = panel;
  const place = { title, width, height: HEIGHTS[kind] };
  switch (kind) {
    case "numbers":
      return new SingleValueWidget({
        ...place,
        metrics: panel.series.map((series) => metricOf(stack, series)),
        setPeriodToTimeRange: panel.over === "range",
        sparkline: panel.over === "latest",
        period: PERIOD,
      });
    case "lines":
    case "areas":
      return new GraphWidget({
        ...place,
        left: panel.series.map((series) => metricOf(stack, series)),
        stacked: kind === "areas",
        leftYAxis: { min: 0, label: UNIT_LABELS[panel.unit], showUnits: false },
        legendPosition: LegendPosition.BOTTOM,
        period: PERIOD,
      });
    case "contributors":
      return new ContributorsWidget(panel, place.height);
    default:
      return new AlarmStatusWidget({ ...place, alarms: [...alarms.all.values()] });
  }
}

/**
 * Names inside an expression hold for a whole widget: each metric and expression gets one that is made from what it is
 * in the template.
 */
function idOf(stack: Stack, value: Value): string {
  const text = JSON.stringify(stack.resolve(value));
  return `${isCalculated(value) ? "e" : "m"}${createHash("sha256").update(text).digest("hex").slice(0, ID_DIGITS)}`;
}

function metricOf(stack: Stack, { label, value, tone }: Series): IMetric {
  return measure(stack, value, { label, color: TONE_COLOURS[tone].light });
}

function measure(
  stack: Stack,
  value: Value,
  shown: { readonly label?: string; readonly color?: string } = {},
): IMetric {
  if (!isCalculated(value)) {
    const { namespace, name: metricName, dimensions, statistic } = value;
    return new Metric({ namespace, metricName, dimensionsMap: { ...dimensions }, statistic, period: PERIOD, ...shown });
  }
  const names = new Map(Object.entries(value.using).map(([name, inner]) => [name, idOf(stack, inner)]));
  return new MathExpression({
    expression: value.expression.replaceAll(/\b[a-z]\w*\b/g, (name) => names.get(name) ?? name),
    usingMetrics: Object.fromEntries(
      Object.values(value.using).map((inner) => [idOf(stack, inner), measure(stack, inner)]),
    ),
    period: PERIOD,
    ...shown,
  });
}

/** CDK has no widget for Contributor Insights. */
class ContributorsWidget extends ConcreteWidget {
  readonly #panel: ContributorsPanel;

  constructor(panel: ContributorsPanel, height: number) {
    super(panel.columns, height);
    this.#panel = panel;
  }

  override toJson(): unknown[] {
    const { title, rule, top } = this.#panel;
    return [
      {
        type: "metric",
        width: this.width,
        height: this.height,
        x: this.x,
        y: this.y,
        properties: {
          title,
          view: "timeSeries",
          region: Aws.REGION,
          period: PERIOD.toSeconds(),
          insightRule: { ruleName: rule, orderBy: "Sum", maxContributorCount: top },
          legend: { position: "bottom" },
        },
      },
    ];
  }
}
