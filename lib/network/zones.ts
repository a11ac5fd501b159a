/**
 * The zones of the network: the first of the region, or those that the settings name. A zone that is given by its id is
 * put into its subnets directly: the CDK knows names alone.
 */
import { Fn } from "aws-cdk-lib";
import type { CfnSubnet, IVpc } from "aws-cdk-lib/aws-ec2";
import { isZoneId } from "../../core/settings/groups/network.ts";
import type { Settings } from "../../core/settings/settings.ts";

/** For the CDK: names, or what stands for them until `useZoneIds`. */
export function zoneNames({ network: { zones, availabilityZones } }: Settings): string[] {
  return Array.from({ length: zones }, (_, index) => {
    const zone = availabilityZones[index];
    return zone === undefined || isZoneId(zone) ? Fn.select(index, Fn.getAzs()) : zone;
  });
}

export function useZoneIds(vpc: IVpc, { network: { availabilityZones } }: Settings): void {
  if (!availabilityZones.some(isZoneId)) return;
  for (const subnets of [vpc.publicSubnets, vpc.privateSubnets]) {
    for (const [index, subnet] of subnets.entries()) {
      const shape = subnet.node.defaultChild as CfnSubnet;
      // CloudFormation takes one of the two.
      shape.addPropertyDeletionOverride("AvailabilityZone");
      shape.addPropertyOverride("AvailabilityZoneId", availabilityZones[index]);
    }
  }
}
