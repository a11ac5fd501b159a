/**
 * What a stack costs in a month in which nothing is to be confirmed, by resource: each resource of the synthesized
 * template goes through the price rule of its type. One whose type has none is an error, so that the sum cannot leave
 * out what somebody adds. Only metrics of campaigns are no resource, and follow from the settings.
 */
import { CostError } from "../cost-error.ts";
import { type Cost, costOf, groupedItems } from "../cost-item.ts";
import { userPoolClient, webAcl } from "./access.ts";
import { campaignMetrics } from "./campaigns.ts";
import { eventSource, schedule, service } from "./compute.ts";
import { freeFor } from "./free.ts";
import { alarm, cluster, compositeAlarm, dashboard, insightRule, scalingPolicy } from "./monitoring.ts";
import { flowLog, natGateway, vpcEndpoint } from "./network.ts";
import type { About, Rule } from "./rule.ts";
import { key, secret, table } from "./storage.ts";

const RULES: Readonly<Record<string, Rule>> = {
  "AWS::Cognito::UserPoolClient": userPoolClient,
  "AWS::WAFv2::WebACL": webAcl,
  "AWS::ApplicationAutoScaling::ScalingPolicy": scalingPolicy,
  "AWS::CloudWatch::Alarm": alarm,
  "AWS::CloudWatch::CompositeAlarm": compositeAlarm,
  "AWS::CloudWatch::Dashboard": dashboard,
  "AWS::CloudWatch::InsightRule": insightRule,
  "AWS::DynamoDB::Table": table,
  "AWS::EC2::FlowLog": flowLog,
  "AWS::EC2::NatGateway": natGateway,
  "AWS::EC2::VPCEndpoint": vpcEndpoint,
  "AWS::ECS::Cluster": cluster,
  "AWS::ECS::Service": service,
  "AWS::Events::Rule": schedule,
  "AWS::KMS::Key": key,
  "AWS::Lambda::EventSourceMapping": eventSource,
  "AWS::SecretsManager::Secret": secret,
};

/** @throws CostError for a resource type without a rule */
export function atRest(about: About): Cost {
  const items = Object.entries(about.template.Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
    const rule = RULES[Type];
    if (rule !== undefined) return rule({ logicalId, properties: Properties }, about);
    if (freeFor(Type) !== undefined) return [];
    throw new CostError(
      `The template holds ${logicalId} of the type ${Type}, whose price nobody stated. Expected a rule for it in ` +
        "lib/cost/at-rest/at-rest.ts, or a reason in free.ts why it costs nothing.",
    );
  });
  return costOf(groupedItems([...items, ...campaignMetrics(about.settings)]));
}
