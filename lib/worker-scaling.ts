/**
 * How many workers run: as many as keep the backlog of each at its target, out and in. Backlog per task is metric math over the queue and
 * the service, which only the L1 policy can carry. CPU is the second measure: the service grows when either asks for it and shrinks only
 * when both agree.
 */
import { Duration } from "aws-cdk-lib";
import { CfnScalingPolicy } from "aws-cdk-lib/aws-applicationautoscaling";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import { Construct } from "constructs";
import type { Settings } from "../core/settings.ts";
import type { ConfirmationQueues } from "./confirmation-queues.ts";

/** Delay in the queue that a task's backlog stands for when it is at its target. */
const ACCEPTABLE_DELAY_SECONDS = 2;
const CPU_TARGET_PERCENT = 60;
const SCALE_OUT_COOLDOWN = Duration.seconds(60);
const SCALE_IN_COOLDOWN = Duration.seconds(300);

export interface WorkerScalingProps {
  readonly settings: Settings;
  readonly service: FargateService;
  readonly queues: ConfirmationQueues;
}

/** Messages a task may have waiting and under way: no more than it can work on at once, and than it gets through within the delay. */
export function targetBacklogPerTask({ worker }: Settings): number {
  return Math.min(worker.window, worker.ratePerTask * ACCEPTABLE_DELAY_SECONDS);
}

export class WorkerScaling extends Construct {
  constructor(scope: Construct, id: string, { settings, service, queues }: WorkerScalingProps) {
    super(scope, id);
    const tasks = service.autoScaleTaskCount({
      minCapacity: settings.worker.minTasks,
      maxCapacity: settings.worker.maxTasks,
    });
    const cooldowns = { scaleOutCooldown: SCALE_OUT_COOLDOWN, scaleInCooldown: SCALE_IN_COOLDOWN };
    tasks.scaleOnCpuUtilization("Cpu", { targetUtilizationPercent: CPU_TARGET_PERCENT, ...cooldowns });

    const queue = [{ name: "QueueName", value: queues.confirmations.queueName }];
    const ofService = [
      { name: "ClusterName", value: service.cluster.clusterName },
      { name: "ServiceName", value: service.serviceName },
    ];
    new CfnScalingPolicy(this, "BacklogPerTask", {
      policyName: "confirmation-worker-backlog-per-task",
      policyType: "TargetTrackingScaling",
      scalingTargetId: tasks,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: targetBacklogPerTask(settings),
        scaleOutCooldown: SCALE_OUT_COOLDOWN.toSeconds(),
        scaleInCooldown: SCALE_IN_COOLDOWN.toSeconds(),
        disableScaleIn: false,
        customizedMetricSpecification: {
          metrics: [
            measured("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", queue),
            measured("underWay", "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", queue),
            measured("running", "ECS/ContainerInsights", "RunningTaskCount", ofService),
            calculated("backlogPerTask", "(waiting + underWay) / IF(FILL(running, 1) < 1, 1, FILL(running, 1))"),
          ],
        },
      },
    });
  }
}

type Dimensions = readonly { readonly name: string; readonly value: string }[];

/** A metric that goes into the expression; a minute is as fine as SQS measures. */
function measured(id: string, namespace: string, metricName: string, dimensions: Dimensions) {
  return {
    id,
    metricStat: { metric: { namespace, metricName, dimensions: [...dimensions] }, stat: "Average" },
    returnData: false,
  };
}

/** The one series that is held at the target. */
function calculated(id: string, expression: string) {
  return { id, expression, returnData: true };
}
