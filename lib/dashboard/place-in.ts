/**
 * What panels have to know of the stack. What differs from one deployment to the next (functions with their memory, log
 * groups, NAT gateways) is found in it, so that a new one cannot be forgotten: ask when all of it is made.
 */
import { CfnNatGateway } from "aws-cdk-lib/aws-ec2";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import type { IConstruct } from "constructs";
import type { Place } from "../../core/dashboard/place.ts";
import type { Settings } from "../../core/settings/settings.ts";

export interface PlaceProps {
  readonly settings: Settings;
  /** Undefined in small-account mode. */
  readonly service: FargateService | undefined;
}

export function placeIn(pipeline: IConstruct, { settings, service }: PlaceProps): Place {
  const all = pipeline.node.findAll();
  return {
    settings,
    cluster: service?.cluster.clusterName ?? "",
    service: service?.serviceName ?? "",
    natGateways: all.filter((child) => child instanceof CfnNatGateway).map(({ attrNatGatewayId }) => attrNatGatewayId),
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
