import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const KNOWN_ADDRESSES = ["eipalloc-0a", "eipalloc-0b", "eipalloc-0c"];

/** Where a subnet lies: the index that is selected from the region's zones. */
const zoneOf = (subnet: { Properties: { AvailabilityZone: { "Fn::Select": [number, unknown] } } }) =>
  subnet.Properties.AvailabilityZone["Fn::Select"][0];

function zonesWith(zones: number): number[] {
  const subnets = Object.values(synthesize({ network: { zones } }).template.findResources("AWS::EC2::Subnet"));
  return subnets.map((subnet) => zoneOf(subnet as never)).toSorted((one, other) => one - other);
}

describe("the network", () => {
  it("lies over as many zones as the settings say", () => {
    expect([zonesWith(2), zonesWith(3)]).toStrictEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 1, 2, 2],
    ]);
  });

  it("gives every zone a NAT gateway with an address that stays", () => {
    template.resourceCountIs("AWS::EC2::NatGateway", 2);
    template.allResources("AWS::EC2::EIP", { DeletionPolicy: "RetainExceptOnCreate" });
    template.allResourcesProperties("AWS::EC2::NatGateway", {
      AllocationId: { "Fn::GetAtt": [Match.stringLikeRegexp("^NetworkEgressAddress"), "AllocationId"] },
    });
  });

  it("prints the addresses that merchants see", () => {
    const outputs = Object.values(template.findOutputs("*")).map(({ Value }) => Value["Fn::GetAtt"]?.[1]);
    expect(outputs.filter((attribute) => attribute === "PublicIp")).toHaveLength(2);
  });

  it("takes addresses that merchants know already", () => {
    const { template: known } = synthesize({ network: { zones: 3, egressAllocationIds: KNOWN_ADDRESSES } });
    known.resourceCountIs("AWS::EC2::EIP", 0);
    for (const AllocationId of KNOWN_ADDRESSES) known.hasResourceProperties("AWS::EC2::NatGateway", { AllocationId });
  });

  it("keeps calls to AWS inside", () => {
    const services = Object.values(template.findResources("AWS::EC2::VPCEndpoint")).map(({ Properties }) =>
      JSON.stringify(Properties.ServiceName),
    );
    const inside = ["dynamodb", "s3", "sqs", "secretsmanager", "kms", "logs", "ecr.api", "ecr.dkr"];
    expect(inside.filter((service) => !services.some((name) => name.includes(`.${service}"`)))).toStrictEqual([]);
    expect(services).toHaveLength(inside.length);
  });

  it("opens its endpoints to the workers alone", () => {
    template.resourceCountIs("AWS::EC2::SecurityGroupIngress", 1);
    template.hasResourceProperties("AWS::EC2::SecurityGroupIngress", {
      SourceSecurityGroupId: { "Fn::GetAtt": [Match.stringLikeRegexp("^NetworkWorkersGroup"), "GroupId"] },
      FromPort: 443,
      ToPort: 443,
    });
  });

  it("lets nobody call a worker", () => {
    const groups = Object.values(template.findResources("AWS::EC2::SecurityGroup"));
    expect(groups.filter(({ Properties }) => Properties.SecurityGroupIngress !== undefined)).toStrictEqual([]);
  });

  it("logs its flows", () => {
    template.hasResourceProperties("AWS::EC2::FlowLog", { TrafficType: "ALL", LogDestinationType: "cloud-watch-logs" });
  });
});
