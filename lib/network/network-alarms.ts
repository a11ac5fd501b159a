/** The way out to merchants, as far as the NAT gateways of the network are it. */
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { type AlarmShapes, MINUTE } from "../alarms/alarm-shape.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";

const MINUTES = 5;
const BREACHING = 3;

/** @param natGateways their ids */
export function networkAlarms(natGateways: readonly string[]): AlarmShapes {
  return Object.fromEntries(
    natGateways.map((NatGatewayId, index) => [
      `NatPorts${index + 1}`,
      {
        kind: "ticket",
        heading: RUNBOOK_HEADINGS.natPorts,
        what: "A NAT gateway has no port left for connections to some destination.",
        metric: new Metric({
          namespace: "AWS/NATGateway",
          metricName: "ErrorPortAllocation",
          dimensionsMap: { NatGatewayId },
          statistic: Stats.SUM,
          period: MINUTE,
        }),
        threshold: 0,
        periods: MINUTES,
        breaching: BREACHING,
      },
    ]),
  );
}
