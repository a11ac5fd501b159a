/**
 * How many workers run: as many as keep the backlog of each at its target, out and in. Backlog per task is metric math
 * over the queues and the service, which only the L1 policy can carry. Of the ordered queue only so much counts as a
 * part of the tasks works on: what is held back there behind a merchant that fails is no work, and no metric tells it
 * apart. CPU is the second measure, three times as fine and so the first to tell a burst: the service grows when either
 * asks for it and shrinks only when both agree. The numbers are in `core/settings/scaling.ts`.
 */
import { CfnScalingPolicy } from "aws-cdk-lib/aws-applicationautoscaling";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import {
  CPU_TARGET_PERCENT,
  mostOrderedBacklog,
  SCALE_IN_COOLDOWN_SECONDS,
  SCALE_OUT_COOLDOWN_SECONDS,
  targetBacklogPerTask,
} from "../../core/settings/scaling.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { runningTaskCount } from "../../core/dashboard/running-tasks.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";

/**
 * CPU at twenty seconds; CDK has no name for it (ECS Developer Guide, "Faster auto scaling with high-resolution
 * metrics").
 */
const CPU_METRIC = "ECSServiceAverageCPUUtilizationHighResolution";

export interface WorkerScalingProps {
  readonly settings: Settings;
  readonly service: FargateService;
  readonly queues: ConfirmationQueues;
}

export class WorkerScaling extends Construct {
  constructor(scope: Construct, id: string, { settings, service, queues }: WorkerScalingProps) {
    super(scope, id);
    const tasks = service.autoScaleTaskCount({
      minCapacity: settings.worker.minTasks,
      maxCapacity: settings.worker.maxTasks,
    });
    const tracking = {
      scaleOutCooldown: SCALE_OUT_COOLDOWN_SECONDS,
      scaleInCooldown: SCALE_IN_COOLDOWN_SECONDS,
      disableScaleIn: false,
    };
    new CfnScalingPolicy(this, "Cpu", {
      policyName: physicalName(settings, "confirmation-worker-cpu"),
      policyType: "TargetTrackingScaling",
      scalingTargetId: tasks,
      targetTrackingScalingPolicyConfiguration: {
        ...tracking,
        targetValue: CPU_TARGET_PERCENT,
        predefinedMetricSpecification: { predefinedMetricType: CPU_METRIC },
      },
    });

    const queue = [{ name: "QueueName", value: queues.confirmations.queueName }];
    const ordered = [{ name: "QueueName", value: queues.ordered.queueName }];
    const mostOrdered = mostOrderedBacklog(settings);
    const running = runningTaskCount(settings);
    const ofService = [
      { name: "ClusterName", value: service.cluster.clusterName },
      { name: "ServiceName", value: service.serviceName },
    ];
    new CfnScalingPolicy(this, "BacklogPerTask", {
      policyName: physicalName(settings, "confirmation-worker-backlog-per-task"),
      policyType: "TargetTrackingScaling",
      scalingTargetId: tasks,
      targetTrackingScalingPolicyConfiguration: {
        ...tracking,
        targetValue: targetBacklogPerTask(settings),
        customizedMetricSpecification: {
          metrics: [
            measured("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", queue),
            measured("underWay", "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", queue),
            measured("orderedWaiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", ordered),
            measured("orderedUnderWay", "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", ordered),
            measured("running", running.namespace, running.metricName, ofService, running.statistic),
            calculated("ordered", "FILL(orderedWaiting, 0) + FILL(orderedUnderWay, 0)", false),
            calculated(
              "backlogPerTask",
              `(waiting + underWay + IF(ordered > ${mostOrdered}, ${mostOrdered}, ordered)) / ` +
                "IF(FILL(running, 1) < 1, 1, FILL(running, 1))",
            ),
          ],
        },
      },
    });
  }
}

type Dimensions = readonly { readonly name: string; readonly value: string }[];

/** A metric that goes into the expression; a minute is as fine as SQS measures. */
function measured(id: string, namespace: string, metricName: string, dimensions: Dimensions, stat = "Average") {
  return {
    id,
    metricStat: { metric: { namespace, metricName, dimensions: [...dimensions] }, stat },
    returnData: false,
  };
}

/** @param isTarget whether it is the one series that is held at the target */
function calculated(id: string, expression: string, isTarget = true) {
  return { id, expression, returnData: isTarget };
}
