/**
 * The network ACL of the workers' subnets, for what a security group cannot say: that private ranges are closed. It
 * keeps no state, so that responses need rules of their own: from merchants to the ports that connections began at, and
 * from the endpoints in these subnets back to the workers. Within the VPC it therefore closes 443 to 1023 but for 443;
 * above, the security group has the last word.
 */
import { Validations } from "aws-cdk-lib";
import { AclCidr, AclTraffic, Action, type IVpc, NetworkAcl, SubnetType, TrafficDirection } from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";
import { type Settings, SettingsError } from "../../core/settings/settings.ts";
import { ANYWHERE, type EgressRule, HTTPS_PORT, listedRules, merchantRules, PRIVATE_RANGES } from "./egress-rules.ts";

/** Amazon VPC User Guide, "Custom network ACLs": the ports that clients of any system, and NAT gateways, begin at. */
const EPHEMERAL = [1024, 65_535] as const;
/** Amazon VPC User Guide, "Amazon VPC quotas": rules of an ACL in each direction, unless AWS has raised it. */
const MAX_RULES = 20;
const NUMBER_STEP = 10;

type Rule = Omit<EgressRule, "why"> & { readonly isDenied?: true };

/** @throws SettingsError when the settings list more destinations than an ACL has rules */
export function addWorkersAcl(scope: Construct, vpc: IVpc, { delivery }: Settings): NetworkAcl {
  const acl = new NetworkAcl(scope, "WorkersAcl", {
    vpc,
    subnetSelection: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
  });
  const own = vpc.vpcCidrBlock;
  const listed = listedRules(delivery);
  const egress: readonly Rule[] = [
    tcp(own, HTTPS_PORT, HTTPS_PORT),
    tcp(own, ...EPHEMERAL),
    ...listed,
    ...PRIVATE_RANGES.map((cidr) => ({ ...tcp(cidr, 0, 65_535), isDenied: true as const })),
    ...merchantRules(delivery),
  ];
  const responses = listed.filter(({ protocol }) => protocol === "udp");
  const ingress: readonly Rule[] = [
    tcp(own, HTTPS_PORT, HTTPS_PORT),
    tcp(ANYWHERE, ...EPHEMERAL),
    ...responses.map(({ cidr }): Rule => ({ ...tcp(cidr, ...EPHEMERAL), protocol: "udp" })),
  ];
  addEntries(acl, "Out", TrafficDirection.EGRESS, egress);
  addEntries(acl, "In", TrafficDirection.INGRESS, ingress);
  Validations.of(acl).acknowledge({
    id: "AwsSolutions-VPC3",
    reason: "A security group has no rule that denies, and private ranges must be closed to what merchants' URLs name.",
  });
  return acl;
}

function addEntries(acl: NetworkAcl, name: string, direction: TrafficDirection, rules: readonly Rule[]): void {
  if (rules.length > MAX_RULES)
    throw new SettingsError(
      "These settings cannot be used:\n  settings.delivery.allowPorts, allowDestinations, nameServers: expected at " +
        `most ${MAX_RULES} rules of a network ACL, got ${rules.length}. List fewer, or ranges of ports.\n` +
        "See docs/operating/deploy.md.",
    );
  for (const [index, { cidr, protocol, fromPort, toPort, isDenied }] of rules.entries()) {
    const range =
      protocol === "tcp" ? AclTraffic.tcpPortRange(fromPort, toPort) : AclTraffic.udpPortRange(fromPort, toPort);
    acl.addEntry(`${name}${index + 1}`, {
      ruleNumber: (index + 1) * NUMBER_STEP,
      cidr: AclCidr.ipv4(cidr),
      traffic: isDenied === true ? AclTraffic.allTraffic() : range,
      direction,
      ruleAction: isDenied === true ? Action.DENY : Action.ALLOW,
    });
  }
}

function tcp(cidr: string, fromPort: number, toPort: number): Rule {
  return { cidr, protocol: "tcp", fromPort, toPort };
}
