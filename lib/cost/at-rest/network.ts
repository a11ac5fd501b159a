/** The way out, and the private ways to AWS. */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { counted, GB, HOURS_A_MONTH, MINUTES_A_MONTH } from "../cost-item.ts";
import { listOf, resourcesOf } from "../template.ts";
import type { Rule } from "./rule.ts";

/** With its public address, whoever allocated it. */
export const natGateway: Rule = () => [
  { item: "NAT gateways", of: "1 gateway", usd: PRICES_USD.perNatGatewayHour * HOURS_A_MONTH },
  { item: "NAT gateways", of: "1 address", usd: PRICES_USD.perPublicAddressHour * HOURS_A_MONTH },
];

export const vpcEndpoint: Rule = ({ properties }) => {
  if (properties["VpcEndpointType"] !== "Interface") return [];
  const zones = listOf(properties["SubnetIds"]).length;
  const of = `${serviceOf(properties["ServiceName"])} in ${counted(zones, "zone")}`;
  return [{ item: "Interface endpoints", of, usd: zones * PRICES_USD.perEndpointHour * HOURS_A_MONTH }];
};

/** Assumed: records of an interface in ten minutes at rest, and the bytes of one in CloudWatch Logs. */
const FLOWS = { eachTenMinutes: 20, recordBytes: 130 } as const;

/** By the interfaces of what runs at rest: gateways, endpoints, tasks. */
export const flowLog: Rule = (_, { template, settings }) => {
  const endpoints = resourcesOf(template, "AWS::EC2::VPCEndpoint");
  const interfaces =
    resourcesOf(template, "AWS::EC2::NatGateway").length +
    endpoints.reduce((sum, { properties }) => sum + listOf(properties["SubnetIds"]).length, 0) +
    settings.worker.minTasks;
  const bytes = ((interfaces * FLOWS.eachTenMinutes * MINUTES_A_MONTH) / 10) * FLOWS.recordBytes;
  return [{ item: "Logs", of: "flows of the network", usd: (bytes / GB) * PRICES_USD.perLogGb }];
};

function serviceOf(name: unknown): string {
  const text = typeof name === "string" ? name : JSON.stringify(name);
  return /\.([a-z0-9.-]+?)"?[\]}]*$/.exec(text)?.[1] ?? text;
}
