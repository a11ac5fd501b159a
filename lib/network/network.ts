/**
 * The workers' network: private subnets over two zones or more, one NAT gateway a zone with a fixed Elastic IP, so that
 * merchants can put the egress addresses on an allow-list. Calls to AWS stay inside: gateway endpoints for DynamoDB and
 * S3, interface endpoints for the rest, open to the workers alone.
 */
import { Fn, Tags } from "aws-cdk-lib";
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
import { NETWORK_FLOWS_LOG_GROUP, PipelineLogs } from "../logs/logs.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

/**
 * What a task calls besides DynamoDB and S3: its queues, its secret, the key of merchants' secrets, its log group, the
 * registry of its image.
 */
const INTERFACE_ENDPOINTS = {
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Kms: InterfaceVpcEndpointAwsService.KMS,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
} as const;

export class Network extends Construct {
  readonly vpc: IVpc;
  readonly workers: SecurityGroup;
  /** What merchants see as the caller: public addresses, or the allocation ids that were given. */
  readonly egress: readonly string[];
  /** Ids, one a zone. */
  readonly natGateways: readonly string[];

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id);
    const { settings } = props;
    const zones = Array.from({ length: settings.network.zones }, (_, index) => Fn.select(index, Fn.getAzs()));
    const addresses = this.#egressAddresses(props);
    this.egress = addresses.map(({ shown }) => shown);
    const nat = NatProvider.gateway({ eipAllocationIds: addresses.map(({ allocationId }) => allocationId) });
    this.vpc = new Vpc(this, "Vpc", {
      availabilityZones: zones,
      natGateways: zones.length,
      natGatewayProvider: nat,
      subnetConfiguration: [
        { name: "Egress", subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: "Workers", subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      gatewayEndpoints: {
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
        S3: { service: GatewayVpcEndpointAwsService.S3 },
      },
    }) as IVpc;
    this.natGateways = nat.configuredGateways.map(({ gatewayId }) => gatewayId);
    const flows = this.#logFlows(props);
    for (const named of [this.vpc, ...this.vpc.publicSubnets, ...this.vpc.privateSubnets, flows]) nameByPath(named);

    this.workers = new SecurityGroup(this, "WorkersGroup", {
      vpc: this.vpc,
      description: "Confirmation workers: call merchants and AWS, are called by nobody",
      allowAllOutbound: false,
    });
    this.workers.addEgressRule(Peer.anyIpv4(), Port.allTcp(), "Merchants choose the port of their https address");
    this.#addInterfaceEndpoints();
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

  #addInterfaceEndpoints(): void {
    const endpoints = new SecurityGroup(this, "EndpointsGroup", {
      vpc: this.vpc,
      description: "Endpoints of AWS services: called by the confirmation workers alone",
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(this.workers, Port.tcp(443), "Confirmation workers");
    for (const [name, service] of Object.entries(INTERFACE_ENDPOINTS)) {
      this.vpc.addInterfaceEndpoint(name, {
        service,
        open: false,
        securityGroups: [endpoints],
        privateDnsEnabled: true,
      });
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
