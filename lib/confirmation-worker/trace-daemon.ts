/**
 * X-Ray's daemon beside the worker: takes its documents over loopback and hands them on in batches. The worker neither
 * needs it nor waits for it, so a task goes on without it. Both may send traces and nothing else: sampling was decided
 * before.
 */
import { join } from "node:path";
import { Validations } from "aws-cdk-lib";
import {
  AwsLogDriverMode,
  Capability,
  ContainerImage,
  type FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
} from "aws-cdk-lib/aws-ecs";
import { Platform } from "aws-cdk-lib/aws-ecr-assets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";

/** Of the image that is pinned there, which is nothing but the program, and runs as the user `xray`. */
const FOLDER = join(import.meta.dirname, "../../containers/xray-daemon");
const USER = "10001";
/** Only its own task reaches it. */
const LOOPBACK = "127.0.0.1:2000";
/** Of the shares that containers of a task contend by: what it leaves is the worker's. */
export const TRACE_DAEMON_CPU = 32;
const MEMORY_MIB = 128;

export function addTraceDaemon(task: FargateTaskDefinition, logGroup: ILogGroup): void {
  const linuxParameters = new LinuxParameters(task, "TraceDaemonLinux");
  linuxParameters.dropCapabilities(Capability.ALL);
  task.addContainer("xray-daemon", {
    image: ContainerImage.fromAsset(FOLDER, { platform: Platform.LINUX_ARM64 }),
    entryPoint: ["/xray", "--bind", LOOPBACK, "--bind-tcp", LOOPBACK, "--log-level", "warn"],
    user: USER,
    readonlyRootFilesystem: true,
    linuxParameters,
    essential: false,
    cpu: TRACE_DAEMON_CPU,
    memoryLimitMiB: MEMORY_MIB,
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: "xray", mode: AwsLogDriverMode.NON_BLOCKING }),
  });
  task.addToTaskRolePolicy(
    new PolicyStatement({ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] }),
  );
  Validations.of(task.taskRole).acknowledge({
    id: "AwsSolutions-IAM5[Resource::*]",
    reason: "X-Ray knows no resources; a test holds what is allowed on * down to sending traces.",
  });
}
