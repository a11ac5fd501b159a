/**
 * The workers' network: private subnets over two zones or more, one NAT gateway a zone with a fixed Elastic IP, so that
 * merchants can put the egress addresses on an allow-list. Calls to AWS stay inside where that costs no more: gateway
 * endpoints for DynamoDB and S3, interface endpoints where they pay or are asked for, open to the workers alone and to
 * what is this account's. What leaves it is bounded twice: by the security group in ports, by the ACL in addresses too.
 */
import { Tags } from "aws-cdk-lib";
import {
  CfnEIP,
  type FlowLog,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  type IVpc,
  InterfaceVpcEndpointAwsService,
  NatProvider,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { Construct, type IConstruct } from "constructs";
import { imageLayers, journalFiles, ownAccountOnly, listedQueues, registryToken } from "./endpoint-policies.ts";
import { isEndpointWanted } from "./endpoints-that-pay.ts";
import { listedRules, merchantRules } from "./egress-rules.ts";
import { useZoneIds, zoneNames } from "./zones.ts";
import { addWorkersAcl } from "./workers-acl.ts";
import { NETWORK_FLOWS_LOG_GROUP, PipelineLogs } from "../logs/logs.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { JournalAccess } from "../journal/journal-access.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

/**
 * What a task calls besides DynamoDB and S3: its queues, its secret, the key of merchants' secrets, its log group, the
 * registry of its image.
 */
const INTERFACE_ENDPOINTS = {
  Sqs: { service: InterfaceVpcEndpointAwsService.SQS, actions: "sqs:*" },
  SecretsManager: { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER, actions: "secretsmanager:*" },
  Kms: { service: InterfaceVpcEndpointAwsService.KMS, actions: "kms:*" },
  Logs: { service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, actions: "logs:*" },
  EcrApi: { service: InterfaceVpcEndpointAwsService.ECR, actions: "ecr:*" },
  EcrDocker: { service: InterfaceVpcEndpointAwsService.ECR_DOCKER, actions: "ecr:*" },
} as const;

export interface NetworkProps extends StageProps {
  readonly journal: JournalAccess;
}

export class Network extends Construct {
  readonly vpc: IVpc;
  readonly workers: SecurityGroup;
  /** What merchants see as the caller: public addresses, or the allocation ids that were given. */
  readonly egress: readonly string[];
  /** Ids, one a zone. */
  readonly natGateways: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { settings } = props;
    const { delivery } = settings;
    const zones = zoneNames(settings);
    const addresses = this.#egressAddresses(props);
    this.egress = addresses.map(({ shown }) => shown);
    const nat = NatProvider.gateway({ eipAllocationIds: addresses.map(({ allocationId }) => allocationId) });
    this.vpc = new Vpc(this, "Vpc", {
      availabilityZones: zones,
      // Would bring a function, a role and a custom resource of the CDK's own, for a group that nothing is ever in.
      restrictDefaultSecurityGroup: false,
      natGateways: zones.length,
      natGatewayProvider: nat,
      subnetConfiguration: [
        { name: "Egress", subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: "Workers", subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
    }) as IVpc;
    useZoneIds(this.vpc, settings);
    this.#addGatewayEndpoints(props.journal);
    this.natGateways = nat.configuredGateways.map(({ gatewayId }) => gatewayId);
    const flows = this.#logFlows(props);
    for (const named of [this.vpc, ...this.vpc.publicSubnets, ...this.vpc.privateSubnets, flows]) nameByPath(named);

    this.workers = new SecurityGroup(this, "WorkersGroup", {
      vpc: this.vpc,
      description: "Confirmation workers: call merchants and AWS, are called by nobody",
      allowAllOutbound: false,
    });
    for (const { cidr, protocol, fromPort, toPort, why } of [...merchantRules(delivery), ...listedRules(delivery)]) {
      const range = protocol === "tcp" ? Port.tcpRange(fromPort, toPort) : Port.udpRange(fromPort, toPort);
      this.workers.addEgressRule(Peer.ipv4(cidr), range, why);
    }
    this.#addInterfaceEndpoints(settings);
    // Responses of endpoints and merchants have their rules before a task begins.
    addWorkersAcl(this, this.vpc, settings);
  }

  #addGatewayEndpoints({ filesArn }: JournalAccess): void {
    const { DYNAMODB, S3 } = GatewayVpcEndpointAwsService;
    this.vpc.addGatewayEndpoint("DynamoDb", { service: DYNAMODB }).addToPolicy(ownAccountOnly("dynamodb:*"));
    const toS3 = this.vpc.addGatewayEndpoint("S3", { service: S3 });
    toS3.addToPolicy(imageLayers());
    if (filesArn !== undefined) toS3.addToPolicy(journalFiles(filesArn));
  }

  #egressAddresses({ settings }: StageProps): readonly { readonly allocationId: string; readonly shown: string }[] {
    const { zones, egressAllocationIds } = settings.network;
    if (egressAllocationIds.length > 0)
      return egressAllocationIds.map((allocationId) => ({ allocationId, shown: allocationId }));
    return Array.from({ length: zones }, (_, index) => {
      const address = new CfnEIP(this, `EgressAddress${index + 1}`, { domain: "vpc" });
      address.applyRemovalPolicy(durable(settings));
      return { allocationId: address.attrAllocationId, shown: address.attrPublicIp };
    });
  }

  #addInterfaceEndpoints(settings: Settings): void {
    const wanted = Object.entries(INTERFACE_ENDPOINTS).filter(([name]) => isEndpointWanted(name, settings));
    if (wanted.length === 0) return;
    const endpoints = new SecurityGroup(this, "EndpointsGroup", {
      vpc: this.vpc,
      description: "Endpoints of AWS services: called by the confirmation workers alone",
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(this.workers, Port.tcp(443), "Confirmation workers");
    for (const [name, { service, actions }] of wanted) {
      const endpoint = this.vpc.addInterfaceEndpoint(name, {
        service,
        open: false,
        securityGroups: [endpoints],
        privateDnsEnabled: true,
      });
      endpoint.addToPolicy(ownAccountOnly(actions));
      if (name === "EcrApi") endpoint.addToPolicy(registryToken());
      const { kinds, queueArns } = settings.channels;
      if (name === "Sqs" && kinds.includes("sqs")) endpoint.addToPolicy(listedQueues(queueArns));
    }
  }

  #logFlows(props: StageProps): FlowLog {
    const logGroup = new PipelineLogs(this, "FlowLogs", {
      ...props,
      logGroupName: NETWORK_FLOWS_LOG_GROUP,
    });
    return this.vpc.addFlowLog("Flows", {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup),
      trafficType: FlowLogTrafficType.ALL,
    });
  }
}

/** As the CDK does, but without the `Default` that it leaves out of all other names. */
function nameByPath(construct: IConstruct): void {
  const path = construct.node.path.split("/").filter((id) => id !== "Default");
  Tags.of(construct).add("Name", path.join("/"));
}
