/**
 * The workers: whether they stay up, are enough, reach the world, and are heard of. A crash may cost a second delivery,
 * so a loop of them wakes somebody.
 */
import { Duration } from "aws-cdk-lib";
import { ComparisonOperator, MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import { MAX_SKEW_MS } from "../../core/aws/clock-skew.ts";
import { METRICS, WORKER_SERVICE } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { WORKER_LOG_GROUP } from "../logs/logs.ts";
import { pipelineMetric } from "../alarms/pipeline-metrics.ts";
import { SAMPLED_TASKS } from "../../core/dashboard/running-tasks.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";
import { type AlarmShapes, MINUTE } from "../alarms/alarm-shape.ts";

const LOOP_PERIOD = Duration.minutes(15);
/**
 * A deployment starts each task anew while the ones before still run, and scaling starts none that does not run then.
 */
const STARTS_BEYOND_TASKS = 3;
const MISSING_MINUTES = 10;
const AT_MOST_MINUTES = 15;
const REFUSED_PERIOD = Duration.minutes(15);

export interface WorkerAlarmsProps {
  readonly settings: Settings;
  readonly service: FargateService;
}

export function workerAlarms({ settings, service }: WorkerAlarmsProps): AlarmShapes {
  const { insights, worker } = settings;
  const { minTasks, maxTasks } = worker;
  return {
    EgressFault: {
      kind: "cause",
      heading: RUNBOOK_HEADINGS.egressFault,
      what: "A worker reaches no merchant: its network or name servers are at fault, and it has stopped receiving.",
      metric: ofWorker(METRICS.egressFault, Stats.MAXIMUM, MINUTE),
      threshold: 0,
    },
    DependencyUnavailable: {
      kind: "cause",
      heading: RUNBOOK_HEADINGS.dependencyUnavailable,
      what: "A worker cannot read a table that every message needs, and has stopped receiving.",
      metric: ofWorker(METRICS.dependencyUnavailable, Stats.MAXIMUM, MINUTE),
      threshold: 0,
    },
    CrashLoop: {
      kind: "cause",
      heading: RUNBOOK_HEADINGS.crashLoop,
      what: "Workers start more often than there are tasks: they do not stay up.",
      metric: new MathExpression({
        expression: insights.containers ? "starts - tasks" : `starts - tasks / ${LOOP_PERIOD.toMinutes()}`,
        usingMetrics: {
          starts: ofWorker(METRICS.workerStarted, Stats.SUM, LOOP_PERIOD),
          tasks: insights.containers
            ? tasks("RunningTaskCount", service, Stats.MAXIMUM, LOOP_PERIOD)
            : samples(service, LOOP_PERIOD),
        },
        period: LOOP_PERIOD,
      }),
      threshold: STARTS_BEYOND_TASKS,
    },
    ClockSkew: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.clockSkew,
      what: "The clock of a worker is wrong: merchants would refuse its signatures, and it has stopped receiving.",
      metric: ofWorker(METRICS.clockSkew, Stats.MAXIMUM, MINUTE),
      threshold: MAX_SKEW_MS,
    },
    TasksMissing: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.tasksMissing,
      what: insights.containers
        ? "Fewer workers run than are wanted."
        : `Fewer workers run than settings.worker.minTasks wants, ${minTasks}.`,
      metric: insights.containers ? missingOfWanted(service) : missingOfLeast(service, minTasks),
      threshold: 0,
      periods: MISSING_MINUTES,
    },
    // A service of fixed size is always at its maximum.
    ...(minTasks < maxTasks && {
      ScaledToMax: {
        kind: "ticket",
        heading: RUNBOOK_HEADINGS.scaledToMax,
        what: `As many workers run as settings.worker.maxTasks allows, ${maxTasks}.`,
        metric: insights.containers
          ? tasks("DesiredTaskCount", service, Stats.MINIMUM, MINUTE)
          : samples(service, MINUTE),
        comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        threshold: maxTasks,
        periods: AT_MOST_MINUTES,
      },
    }),
    MetricsRefused: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.metricsRefused,
      what: "CloudWatch refuses lines with metrics of workers: what rests on those is blind.",
      metric: new Metric({
        namespace: "AWS/Logs",
        metricName: "EMFValidationErrors",
        dimensionsMap: { LogGroupName: WORKER_LOG_GROUP },
        statistic: Stats.SUM,
        period: REFUSED_PERIOD,
      }),
      threshold: 0,
    },
  };
}

function ofWorker(metric: (typeof METRICS)[keyof typeof METRICS], statistic: string, period: Duration): Metric {
  return pipelineMetric({ metric, service: WORKER_SERVICE, statistic, period });
}

function tasks(metricName: string, service: FargateService, statistic: string, period: Duration): Metric {
  return new Metric({
    namespace: "ECS/ContainerInsights",
    metricName,
    dimensionsMap: { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName },
    statistic,
    period,
  });
}

function missingOfWanted(service: FargateService): MathExpression {
  return new MathExpression({
    expression: "wanted - running",
    usingMetrics: {
      wanted: tasks("DesiredTaskCount", service, Stats.AVERAGE, MINUTE),
      running: tasks("RunningTaskCount", service, Stats.AVERAGE, MINUTE),
    },
    period: MINUTE,
  });
}

/** What does not run has no sample. */
function missingOfLeast(service: FargateService, minTasks: number): MathExpression {
  return new MathExpression({
    expression: `${minTasks} - FILL(running, 0)`,
    usingMetrics: { running: samples(service, MINUTE) },
    period: MINUTE,
  });
}

/** One a minute of each task that runs. */
function samples(service: FargateService, period: Duration): Metric {
  const { namespace, metricName, statistic } = SAMPLED_TASKS;
  const dimensionsMap = { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName };
  return new Metric({ namespace, metricName, dimensionsMap, statistic, period });
}
