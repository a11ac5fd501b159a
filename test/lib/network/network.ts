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

/** Of the workers' group, in a line each. */
function egressOf(of: typeof template): string[] {
  const groups = Object.entries(of.findResources("AWS::EC2::SecurityGroup"));
  const [, workers] = groups.find(([id]) => id.startsWith("NetworkWorkersGroup")) ?? [];
  const rules = workers?.["Properties"].SecurityGroupEgress as Record<string, string | number>[];
  return rules
    .map((rule) => `${rule["IpProtocol"]} ${rule["CidrIp"]} ${rule["FromPort"]}-${rule["ToPort"]}`)
    .toSorted();
}

/** Of the workers' ACL in one direction, by their numbers, in a line each. */
function entriesOf(of: typeof template, isEgress: boolean): string[] {
  const entries = Object.values(of.findResources("AWS::EC2::NetworkAclEntry"))
    .map(({ Properties }) => Properties)
    .filter(({ Egress }) => Egress === isEgress)
    .toSorted((one, other) => one.RuleNumber - other.RuleNumber);
  return entries.map(({ RuleAction, Protocol, CidrBlock, PortRange }) => {
    const cidr = typeof CidrBlock === "string" ? CidrBlock : "the VPC";
    return `${RuleAction} ${Protocol} ${cidr} ${PortRange === undefined ? "all" : `${PortRange.From}-${PortRange.To}`}`;
  });
}

/** Into one bucket, below one folder. */
function journalFiles(own: object) {
  return {
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: ["s3:PutObject", "s3:PutObjectRetention"],
    Resource: {
      "Fn::Join": [
        "",
        [{ "Fn::GetAtt": [expect.stringMatching(/^AuditManifestsBucket/) as unknown, "Arn"] }, "/journal/*"],
      ],
    },
    Condition: { StringEquals: own },
  };
}

describe("the network", () => {
  it("lies over as many zones as the settings say", () => {
    expect([zonesWith(2), zonesWith(3)]).toStrictEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 1, 2, 2],
    ]);
  });

  it.each([
    ["names", ["eu-west-1a", "eu-west-1c"], "AvailabilityZone", "AvailabilityZoneId"],
    ["ids", ["euw1-az3", "euw1-az1"], "AvailabilityZoneId", "AvailabilityZone"],
  ])("lies in the zones that the settings give, by their %s", (_, availabilityZones, given, other) => {
    const { template: placed } = synthesize({ network: { availabilityZones } });
    const subnets = Object.values(placed.findResources("AWS::EC2::Subnet")).map(({ Properties }) => Properties);
    expect(subnets.map((properties): string => properties[given]).toSorted()).toStrictEqual(
      [...availabilityZones, ...availabilityZones].toSorted(),
    );
    expect(subnets.filter((properties) => other in properties)).toStrictEqual([]);
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

  it("keeps calls to AWS inside where settings ask for all endpoints", () => {
    const { template: inside } = synthesize({ network: { endpoints: "all" } });
    const services = Object.values(inside.findResources("AWS::EC2::VPCEndpoint")).map(({ Properties }) =>
      JSON.stringify(Properties.ServiceName),
    );
    const called = ["dynamodb", "s3", "sqs", "secretsmanager", "kms", "logs", "ecr.api", "ecr.dkr"];
    expect(called.filter((service) => !services.some((name) => name.includes(`.${service}"`)))).toStrictEqual([]);
    expect(services).toHaveLength(called.length);
  });

  it.each([
    // Two zones pay from 79 confirmations a second on, three from 119.
    [{ targetRatePerSecond: 2000 }, ["dynamodb", "s3", "sqs"]],
    [{ targetRatePerSecond: 100 }, ["dynamodb", "s3", "sqs"]],
    [{ targetRatePerSecond: 100, network: { zones: 3 } }, ["dynamodb", "s3"]],
    [{ targetRatePerSecond: 70 }, ["dynamodb", "s3"]],
    [{ network: { endpoints: "none" as const } }, ["dynamodb", "s3"]],
  ])("has interface endpoints where they pay, those that are free always: %j", (settings, expected) => {
    const { template: other } = synthesize(settings);
    const names = Object.values(other.findResources("AWS::EC2::VPCEndpoint")).map(
      ({ Properties }) => /\.(\w+)"/.exec(JSON.stringify(Properties.ServiceName))?.[1],
    );
    expect(new Set(names)).toStrictEqual(new Set(expected));
    const groups = expected.length > 2 ? 2 : 1;
    other.resourceCountIs("AWS::EC2::SecurityGroup", groups);
  });

  it("opens its endpoints to the workers alone", () => {
    template.resourceCountIs("AWS::EC2::SecurityGroupIngress", 1);
    template.hasResourceProperties("AWS::EC2::SecurityGroupIngress", {
      SourceSecurityGroupId: { "Fn::GetAtt": [Match.stringLikeRegexp("^NetworkWorkersGroup"), "GroupId"] },
      FromPort: 443,
      ToPort: 443,
    });
  });

  it("lets its endpoints be asked for what is of this account alone", () => {
    const { template: all } = synthesize({ network: { endpoints: "all" } });
    const own = { "aws:PrincipalAccount": { Ref: "AWS::AccountId" }, "aws:ResourceAccount": { Ref: "AWS::AccountId" } };
    for (const { Properties } of Object.values(all.findResources("AWS::EC2::VPCEndpoint"))) {
      const [statement, ...others] = Properties.PolicyDocument.Statement;
      const isOfLayers = statement.Action === "s3:GetObject";
      expect(isOfLayers ? JSON.stringify(statement.Resource) : statement.Condition).toEqual(
        isOfLayers ? expect.stringContaining("-starport-layer-bucket/*") : { StringEquals: own },
      );
      const rest = others.filter(({ Action }: { Action: string }) => Action !== "ecr:GetAuthorizationToken");
      expect(rest).toEqual(isOfLayers ? [journalFiles(own)] : []);
    }
  });

  it("lets nothing through to buckets but layers of images where there is no journal", () => {
    const { template: without } = synthesize({ journal: { enabled: false } });
    const policies = Object.values(without.findResources("AWS::EC2::VPCEndpoint")).map(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument),
    );
    expect(policies.filter((policy) => policy.includes("s3:Put"))).toEqual([]);
  });

  it("lets a worker call port 443, those that are opened to merchants, and what is listed, and nothing else", () => {
    expect(egressOf(template)).toStrictEqual(["tcp 0.0.0.0/0 443-443"]);
    const delivery = {
      allowPorts: [8443],
      allowDestinations: ["10.1.2.3:9000-9010", "127.0.0.1:9000", "[2001:db8::1]:443"],
      nameServers: ["10.0.9.9:53"],
    };
    expect(egressOf(synthesize({ delivery }).template)).toStrictEqual([
      "tcp 0.0.0.0/0 443-443",
      "tcp 0.0.0.0/0 8443-8443",
      "tcp 10.0.9.9/32 53-53",
      "tcp 10.1.2.3/32 9000-9010",
      "udp 10.0.9.9/32 53-53",
    ]);
  });

  it.each([
    ["http://10.0.9.8:3128", ["tcp 0.0.0.0/0 443-443", "tcp 10.0.9.8/32 3128-3128"], "allow 6 10.0.9.8/32 3128-3128"],
    ["http://proxy.example:3128", ["tcp 0.0.0.0/0 3128-3128", "tcp 0.0.0.0/0 443-443"], "allow 6 0.0.0.0/0 3128-3128"],
  ])("lets calls out to the proxy %s, and opens no private range by its name", (proxyUrl, egress, entry) => {
    const { template: proxied } = synthesize({ delivery: { proxyUrl } });
    expect(egressOf(proxied)).toStrictEqual(egress);
    const entries = entriesOf(proxied, true);
    expect(entries).toContain(entry);
    const isBeforeDenials = entries.indexOf(entry) < entries.indexOf("deny -1 10.0.0.0/8 all");
    expect(isBeforeDenials).toBe(entry.includes("/32"));
  });

  it("closes private ranges but for the VPC's own 443, and lets responses in", () => {
    expect(entriesOf(template, true)).toStrictEqual([
      "allow 6 the VPC 443-443",
      "allow 6 the VPC 1024-65535",
      "deny -1 10.0.0.0/8 all",
      "deny -1 172.16.0.0/12 all",
      "deny -1 192.168.0.0/16 all",
      "deny -1 100.64.0.0/10 all",
      "deny -1 169.254.0.0/16 all",
      "allow 6 0.0.0.0/0 443-443",
    ]);
    expect(entriesOf(template, false)).toStrictEqual(["allow 6 the VPC 443-443", "allow 6 0.0.0.0/0 1024-65535"]);
  });

  it("lets what is listed through before it closes private ranges", () => {
    const { template: listed } = synthesize({ delivery: { allowDestinations: ["10.1.2.3:9000"] } });
    const entries = entriesOf(listed, true);
    expect(entries.indexOf("allow 6 10.1.2.3/32 9000-9000")).toBeLessThan(entries.indexOf("deny -1 10.0.0.0/8 all"));
    expect(entries).toContain("allow 6 10.1.2.3/32 9000-9000");
  });

  it("refuses more destinations than an ACL has rules", () => {
    const allowDestinations = Array.from({ length: 13 }, (_, index) => `10.9.9.${index}:9000`);
    expect(() => synthesize({ delivery: { allowDestinations } })).toThrow(/at most 20 rules of a network ACL, got 21/);
  });

  it("lets nobody call a worker", () => {
    const groups = Object.values(template.findResources("AWS::EC2::SecurityGroup"));
    expect(groups.filter(({ Properties }) => Properties.SecurityGroupIngress !== undefined)).toStrictEqual([]);
  });

  it("logs its flows", () => {
    template.hasResourceProperties("AWS::EC2::FlowLog", { TrafficType: "ALL", LogDestinationType: "cloud-watch-logs" });
  });
});
