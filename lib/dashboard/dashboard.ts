/**
 * The dashboard in CloudWatch, made from the panels of `lib/dashboard/`. What differs from one deployment to the next
 * (functions with their memory, log groups, NAT gateways) is found in the stack, so that a new one cannot be forgotten;
 * it is made last for that.
 */
import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { Dashboard, PeriodOverride, TextWidget } from "aws-cdk-lib/aws-cloudwatch";
import { CfnNatGateway } from "aws-cdk-lib/aws-ec2";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { DASHBOARD_NAME } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Panel } from "../../core/dashboard/panel.ts";
import { sectionsOf } from "../../core/dashboard/panels.ts";
import type { Place } from "../../core/dashboard/place.ts";
import type { Alarms } from "../alarms/alarms.ts";
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
    for (const { title, panels } of sectionsOf(this.#place(props))) {
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

  #place({ settings, service }: PipelineDashboardProps): Place {
    const all = (this.node.scope ?? this).node.findAll();
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
