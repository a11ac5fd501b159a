/**
 * The dashboard in CloudWatch, made from the panels of `core/dashboard/`. It is made last, as what differs from one
 * deployment to the next is found in the stack.
 */
import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { Dashboard, PeriodOverride, TextWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { DASHBOARD_NAME } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Panel } from "../../core/dashboard/panel.ts";
import { sectionsOf } from "../../core/dashboard/panels.ts";
import type { Alarms } from "../alarms/alarms.ts";
import { placeIn } from "./place-in.ts";
import { widgetOf } from "./widgets.ts";

const SHOWN = Duration.hours(3);
const FULL_WIDTH = 24;

export interface PipelineDashboardProps {
  readonly settings: Settings;
  readonly service: FargateService;
  readonly alarms: Alarms;
}

export class PipelineDashboard extends Construct {
  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, "Dashboard", {
      dashboardName: physicalName(props.settings, DASHBOARD_NAME),
      defaultInterval: SHOWN,
      periodOverride: PeriodOverride.INHERIT,
    });
    for (const { title, panels } of sectionsOf(placeIn(this.node.scope ?? this, props))) {
      dashboard.addWidgets(new TextWidget({ markdown: `## ${title}`, width: FULL_WIDTH, height: 1 }));
      for (const row of rowsOf(panels)) dashboard.addWidgets(...row.map((panel) => widgetOf(panel, props.alarms)));
    }
    new CfnOutput(this, "Address", {
      value:
        `https://${Stack.of(this).region}.console.aws.amazon.com/cloudwatch/home` +
        `#dashboards:name=${physicalName(props.settings, DASHBOARD_NAME)}`,
      description: "The dashboard",
    });
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
