/**
 * The confirmation worker: a Fargate service over all zones that drains the queue and calls merchants. Its tasks run as
 * nobody, on a read-only file system, with no capability of Linux; a deployment that does not become healthy is rolled
 * back.
 */
import { Duration, Stack, Validations } from "aws-cdk-lib";
import {
  AvailabilityZoneRebalancing,
  AwsLogDriverMode,
  Capability,
  type CfnService,
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargatePlatformVersion,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  Secret as EcsSecret,
  UlimitName,
} from "aws-cdk-lib/aws-ecs";
import { Platform } from "aws-cdk-lib/aws-ecr-assets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { SubnetType } from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { confirmationWorkerEnvironment } from "../../containers/confirmation-worker/src/environment.ts";
import { METRICS_NAMESPACE, WORKER_SERVICE } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import { metricsEnvironment } from "../../core/telemetry/environment.ts";
import { CPU_RESOLUTION_SECONDS } from "../../core/settings/scaling.ts";
import { channelPolicies } from "../program/channel-policies.ts";
import { channelVariables } from "../program/channels-environment.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";
import { PipelineLogs, WORKER_LOG_GROUP } from "../logs/logs.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { JournalAccess } from "../journal/journal-access.ts";
import { copiesPolicy } from "../jobs/copies-policy.ts";
import { originsPolicy } from "../merchants/origins-policy.ts";
import type { MerchantGates } from "../merchants/merchant-gates.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import type { Network } from "../network/network.ts";
import type { SigningKeys } from "../signing-keys/signing-keys.ts";
import type { StageProps } from "../stack/stage.ts";
import { addTraceDaemon, TRACE_DAEMON_CPU } from "./trace-daemon.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";
import { HEALTH_PORT, workerEnvironment } from "./worker-environment.ts";

/** The user `node` of the image, by number: what a read-only root file system and ECS can check. */
const USER = "1000:1000";
/** As many open files as Fargate allows: each call of a merchant holds one. */
const OPEN_FILES = 65_535;
const HEALTH_URL = `http://127.0.0.1:${HEALTH_PORT}/health`;
const IS_HEALTHY = `fetch("${HEALTH_URL}").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;

export interface ConfirmationWorkerProps extends StageProps {
  readonly network: Network;
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly gates: MerchantGates;
  readonly queues: ConfirmationQueues;
  readonly signingKeys: SigningKeys;
  readonly jobs: Jobs | undefined;
  readonly journal: JournalAccess;
}

export class ConfirmationWorker extends Construct {
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: ConfirmationWorkerProps) {
    super(scope, id);
    const { network } = props;
    const cluster = new Cluster(this, "Cluster", {
      vpc: network.vpc,
      containerInsightsV2: props.settings.insights.containers ? ContainerInsights.ENABLED : ContainerInsights.DISABLED,
    }) as ICluster;
    Validations.of(cluster).acknowledge({
      id: "AwsSolutions-ECS4",
      reason:
        "settings.insights.containers turns it on, at $11 a month. What alarms and scaling need of it, the number of " +
        "tasks, is known by a metric that costs nothing.",
    });
    this.service = new FargateService(this, "Service", {
      cluster,
      taskDefinition: this.#taskDefinition(props),
      platformVersion: FargatePlatformVersion.LATEST,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [network.workers],
      assignPublicIp: false,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      circuitBreaker: { enable: true, rollback: true },
    });
    const service = this.service.node.defaultChild as CfnService;
    service.monitoring = {
      metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: CPU_RESOLUTION_SECONDS }],
    };
    // The first tasks reach neither the registry nor their secret before routes and endpoints are there.
    this.service.node.addDependency(network);
  }

  #taskDefinition(props: ConfirmationWorkerProps): FargateTaskDefinition {
    const { settings, bundles, signingKeys } = props;
    const task = new FargateTaskDefinition(this, "Task", {
      // The CDK's own says where it is in the app, which may be the same in two stacks.
      ...(settings.name !== undefined && { family: physicalName(settings, WORKER_SERVICE) }),
      cpu: settings.worker.cpu,
      memoryLimitMiB: settings.worker.memoryMiB,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    const logGroup = new PipelineLogs(this, "Logs", {
      ...props,
      logGroupName: WORKER_LOG_GROUP,
    });
    const container = task.addContainer("confirmation-worker", {
      image: ContainerImage.fromAsset(bundles.confirmationWorker, { platform: Platform.LINUX_ARM64 }),
      // Without a share of its own it would have the least there is, 2, and the daemon beside it win all contention.
      cpu: settings.worker.cpu - TRACE_DAEMON_CPU,
      user: USER,
      readonlyRootFilesystem: true,
      linuxParameters: this.#withoutCapabilities(),
      environment: {
        ...workerEnvironment({ ...props, region: Stack.of(this).region }),
        ...channelVariables(settings),
        ...(settings.name !== undefined &&
          metricsEnvironment.write({ namespace: physicalName(settings, METRICS_NAMESPACE) })),
      },
      secrets: {
        [confirmationWorkerEnvironment.names.masterKeys]: EcsSecret.fromSecretsManager(signingKeys.masterKeys),
      },
      healthCheck: {
        command: ["CMD", "node", "-e", IS_HEALTHY],
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(30),
      },
      stopTimeout: Duration.seconds(settings.worker.stopTimeoutSeconds),
      // A log service that does not answer must not hold up deliveries.
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: "worker", mode: AwsLogDriverMode.NON_BLOCKING }),
    });
    addTraceDaemon(task, logGroup);
    container.addUlimits({ name: UlimitName.NOFILE, softLimit: OPEN_FILES, hardLimit: OPEN_FILES });
    this.#allow(task, props);
    return task;
  }

  #withoutCapabilities(): LinuxParameters {
    const parameters = new LinuxParameters(this, "Linux", { initProcessEnabled: true });
    parameters.dropCapabilities(Capability.ALL);
    return parameters;
  }

  #allow(task: FargateTaskDefinition, props: ConfirmationWorkerProps): void {
    const { transactions, merchants, gates, queues, keys, jobs, journal } = props;
    const allow = (actions: string[], resources: string[]) =>
      task.addToTaskRolePolicy(new PolicyStatement({ actions, resources }));
    allow(["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"], [transactions.table.tableArn]);
    allow(["dynamodb:BatchGetItem"], [merchants.table.tableArn]);
    allow(["dynamodb:BatchGetItem", "dynamodb:UpdateItem"], [gates.table.tableArn]);
    allow(
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
      [queues.confirmations.queueArn, queues.ordered.queueArn],
    );
    allow(["sqs:GetQueueAttributes"], [queues.confirmations.queueArn]);
    allow(["sqs:SendMessage"], [queues.ordered.queueArn, queues.deadLetters.queueArn]);
    if (jobs !== undefined) {
      allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [jobs.table.tableArn]);
      allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], [jobs.calls.queueArn]);
      task.addToTaskRolePolicy(copiesPolicy(jobs.table.tableArn, "dynamodb:PutItem"));
      task.addToTaskRolePolicy(originsPolicy(merchants.table.tableArn));
    }
    const policies = [...channelPolicies(props.settings), ...journal.policies(task)];
    for (const statement of policies) task.addToTaskRolePolicy(statement);
    keys.grantUse(task.taskRole);
    keys.grantOpenConnections(task.taskRole);
    Validations.of(task.obtainExecutionRole()).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "Only ecr:GetAuthorizationToken, which knows no resources. Image, logs and secret are named one by one.",
    });
    Validations.of(task).acknowledge({
      id: "AwsSolutions-ECS2",
      reason:
        "The variables are names, addresses and limits, nothing secret. The one secret, the master keys, " +
        "comes from Secrets Manager.",
    });
  }
}
