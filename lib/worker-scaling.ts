/**
 * How many workers run: as many as keep the backlog of each at its target, out and in. Backlog per task is metric math over the queues and
 * the service, which only the L1 policy can carry. Of the ordered queue only so much counts as a part of the tasks works on: what is held
 * back there behind a merchant that fails is no work, and no metric tells it apart. CPU is the second measure: the service grows when either asks for it and shrinks only
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
/** Part of the most tasks that the backlog of the ordered queue may ask for. */
const ORDERED_SHARE = 1 / 4;
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

/** Messages of the ordered queue that count as backlog, at most. */
export function mostOrderedBacklog(settings: Settings): number {
  return targetBacklogPerTask(settings) * Math.max(1, Math.floor(settings.worker.maxTasks * ORDERED_SHARE));
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
    const ordered = [{ name: "QueueName", value: queues.ordered.queueName }];
    const mostOrdered = mostOrderedBacklog(settings);
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
            measured("orderedWaiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", ordered),
            measured("orderedUnderWay", "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", ordered),
            measured("running", "ECS/ContainerInsights", "RunningTaskCount", ofService),
            calculated("ordered", "FILL(orderedWaiting, 0) + FILL(orderedUnderWay, 0)", false),
            calculated(
              "backlogPerTask",
              `(waiting + underWay + IF(ordered > ${mostOrdered}, ${mostOrdered}, ordered)) / IF(FILL(running, 1) < 1, 1, FILL(running, 1))`,
            ),
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

/** @param isTarget whether it is the one series that is held at the target */
function calculated(id: string, expression: string, isTarget = true) {
  return { id, expression, returnData: isTarget };
}
