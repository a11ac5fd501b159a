/** How many workers run, how many may, and what they are measured by. */
import { CONFIRMATIONS_QUEUE_NAME, METRICS, ORDERED_QUEUE_NAME } from "../settings/names.ts";
import { counted, ofQueue, sumOf } from "./metrics.ts";
import { runningTaskCount } from "./running-tasks.ts";
import type { Measured, Section, Series, Value } from "./panel.ts";
import type { Place } from "./place.ts";

const SECONDS_PER_MINUTE = 60;

/** Without Container Insights the samples of a metric that each task has once a minute. */
export function runningTasks({ cluster, service, settings }: Place): Value {
  const { namespace, metricName: name, statistic } = runningTaskCount(settings);
  const measured = { namespace, name, dimensions: { ClusterName: cluster, ServiceName: service }, statistic };
  if (settings.insights.containers) return measured;
  return { expression: `samples * ${SECONDS_PER_MINUTE} / PERIOD(samples)`, using: { samples: measured } };
}

/** Known by Container Insights alone. */
function wantedTasks({ cluster, service, settings }: Place): readonly Series[] {
  if (!settings.insights.containers) return [];
  const dimensions = { ClusterName: cluster, ServiceName: service };
  const value = { namespace: "ECS/ContainerInsights", name: "DesiredTaskCount", dimensions, statistic: "Average" };
  return [{ label: "Wanted", value, tone: "grey" }];
}

export function scaling(place: Place): Section {
  const dimensions = { ClusterName: place.cluster, ServiceName: place.service };
  return {
    title: "Scaling",
    panels: [
      {
        kind: "lines",
        id: "tasks",
        title: "Workers",
        help: `Tasks that run; ${place.settings.worker.minTasks} to ${place.settings.worker.maxTasks} may.`,
        columns: 8,
        unit: "count",
        series: [
          { label: "Running", value: runningTasks(place), tone: "green" },
          ...wantedTasks(place),
          { label: "Started", value: counted(METRICS.workerStarted), tone: "red" },
        ],
      },
      {
        kind: "lines",
        id: "backlog-per-task",
        title: "Backlog per worker",
        help: "Messages waiting and under way for each task that runs, which scaling holds at its target.",
        columns: 8,
        unit: "count",
        series: [
          {
            label: "Messages a task",
            value: {
              expression: "messages / IF(FILL(running, 1) < 1, 1, FILL(running, 1))",
              using: {
                messages: sumOf([...inQueue(CONFIRMATIONS_QUEUE_NAME), ...inQueue(ORDERED_QUEUE_NAME)]),
                running: runningTasks(place),
              },
            },
            tone: "yellow",
          },
        ],
      },
      {
        kind: "lines",
        id: "load",
        title: "Load of a worker",
        help: "CPU of the tasks, and how much of their windows is used.",
        columns: 8,
        unit: "percent",
        series: [
          {
            label: "CPU",
            value: { namespace: "AWS/ECS", name: "CPUUtilization", dimensions, statistic: "Average" },
            tone: "blue",
          },
          { label: "Window in use", value: counted(METRICS.windowInUse, undefined, "Maximum"), tone: "green" },
        ],
      },
    ],
  };
}

function inQueue(queueName: string): readonly Measured[] {
  return [
    ofQueue("ApproximateNumberOfMessagesVisible", queueName, "Average"),
    ofQueue("ApproximateNumberOfMessagesNotVisible", queueName, "Average"),
  ];
}
