/**
 * The dashboard in CloudWatch, made from the panels of `dashboard/`. What differs from one deployment to the next (functions with their
 * memory, log groups, NAT gateways) is found in the stack, so that a new one cannot be forgotten; it is made last for that.
 */
import { createHash } from "node:crypto";
import { Aws, CfnOutput, Duration, Stack } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  ConcreteWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LegendPosition,
  MathExpression,
  Metric,
  PeriodOverride,
  SingleValueWidget,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { CfnNatGateway } from "aws-cdk-lib/aws-ec2";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { DASHBOARD_NAME } from "../core/names.ts";
import type { Settings } from "../core/settings.ts";
import { type ContributorsPanel, isCalculated, type Panel, type Series, type Value } from "../dashboard/panel.ts";
import { sectionsOf } from "../dashboard/panels.ts";
import type { Place } from "../dashboard/place.ts";
import { TONE_COLOURS, UNIT_LABELS } from "../dashboard/show.ts";
import type { Alarms } from "./alarms.ts";

const PERIOD = Duration.minutes(1);
const SHOWN = Duration.hours(3);
const HEIGHTS = { numbers: 4, lines: 6, areas: 6, contributors: 6, alarms: 6 } as const;
const FULL_WIDTH = 24;
const ID_DIGITS = 12;

export interface PipelineDashboardProps {
  readonly settings: Settings;
  readonly service: FargateService;
  readonly alarms: Alarms;
}

export class PipelineDashboard extends Construct {
  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, "Dashboard", {
      dashboardName: DASHBOARD_NAME,
      defaultInterval: SHOWN,
      periodOverride: PeriodOverride.INHERIT,
    });
    for (const { title, panels } of sectionsOf(this.#place(props))) {
      dashboard.addWidgets(new TextWidget({ markdown: `## ${title}`, width: FULL_WIDTH, height: 1 }));
      for (const row of rowsOf(panels)) dashboard.addWidgets(...row.map((panel) => widgetOf(panel, props.alarms)));
    }
    new CfnOutput(this, "Address", {
      value: `https://${Stack.of(this).region}.console.aws.amazon.com/cloudwatch/home#dashboards:name=${DASHBOARD_NAME}`,
      description: "The dashboard",
    });
  }

  #place({ settings, service }: PipelineDashboardProps): Place {
    const all = Stack.of(this).node.findAll();
    return {
      settings,
      cluster: service.cluster.clusterName,
      service: service.serviceName,
      natGateways: all
        .filter((child) => child instanceof CfnNatGateway)
        .map(({ attrNatGatewayId }) => attrNatGatewayId),
      functions: all
        .filter((child) => child instanceof CfnFunction)
        .flatMap(({ functionName, memorySize }) =>
          functionName === undefined || memorySize === undefined ? [] : [{ name: functionName, memoryMiB: memorySize }],
        ),
      logGroups: all
        .filter((child) => child instanceof CfnLogGroup)
        .flatMap(({ logGroupName }) => (logGroupName === undefined ? [] : [logGroupName])),
    };
  }
}

/** Panels side by side, as many as the dashboard is wide. */
function rowsOf(panels: readonly Panel[]): readonly Panel[][] {
  const rows: Panel[][] = [];
  let used = FULL_WIDTH;
  for (const panel of panels) {
    if (used + panel.columns > FULL_WIDTH) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(panel);
    used += panel.columns;
  }
  return rows;
}

function widgetOf(panel: Panel, alarms: Alarms): IWidget {
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

/** Names inside an expression hold for a whole widget: each metric and expression gets one that is made from what it is in the template. */
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
