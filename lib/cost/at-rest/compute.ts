/** What runs though nothing is to be confirmed: tasks, what the clock starts, and who polls a queue. */
import { FUNCTION_NAMES, WORKER_SERVICE } from "../../../core/settings/names.ts";
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { jobs } from "../../../core/settings/shared-variables.ts";
import { IDLE_POLL_SECONDS, PAUSE_LOOK_EVERY_MS, PUBLISH_EVERY_MS } from "../../../core/settings/worker-rhythm.ts";
import { type CostItem, counted, HOURS_A_MONTH, MILLION, SECONDS_A_MONTH } from "../cost-item.ts";
import { listOf, numberAt, objectOf, type Properties, referredTo, resourcesOf, textAt } from "../template.ts";
import { canaries } from "./canaries.ts";
import { functionOf, idleOf, logsOf, metricsOf, runsOf } from "./function-runs.ts";
import { JOB_LOOK_READS, LOOK_READS } from "./idle.ts";
import { runsAMonth } from "./schedule-expression.ts";
import type { Rule } from "./rule.ts";

const CPU_UNITS = 1024;
const MIB_A_GIB = 1024;
const MS = 1000;
/** The worker receives from two: in any order, and in order. */
const QUEUES = 2;
/** And calls that jobs ask for, where there are any, from one that has no order. */
const CALLS_QUEUE = jobs.merchantCallsQueueUrl.name;
/** Lambda polls a queue with five pollers at least, each for twenty seconds (Lambda Developer Guide, "SQS"). */
const MAPPING_POLLS_A_SECOND = 5 / 20;
/** As many tasks as always run. */
export const service: Rule = ({ properties }, { template }) => {
  const task = objectOf(template.Resources[referredTo(properties["TaskDefinition"]) ?? ""]?.Properties);
  const vcpu = (numberAt(task, "Cpu") ?? 0) / CPU_UNITS;
  const gb = (numberAt(task, "Memory") ?? 0) / MIB_A_GIB;
  const target = resourcesOf(template, "AWS::ApplicationAutoScaling::ScalableTarget").find(
    (scalable) => scalable.properties["ServiceNamespace"] === "ecs",
  );
  const tasks = numberAt(target?.properties ?? properties, target === undefined ? "DesiredCount" : "MinCapacity") ?? 1;
  const hour = vcpu * PRICES_USD.perVcpuHour + gb * PRICES_USD.perTaskGbHour;
  const { logBytes, metrics } = idleOf(WORKER_SERVICE);
  const polls = (tasks * SECONDS_A_MONTH) / IDLE_POLL_SECONDS;
  const ofCalls = receivesCalls(task) ? PRICES_USD.perMillionStandardQueueRequests : 0;
  const reads = (tasks * SECONDS_A_MONTH * MS) / PAUSE_LOOK_EVERY_MS;
  const lines = (tasks * SECONDS_A_MONTH * MS) / PUBLISH_EVERY_MS;
  return [
    {
      item: "Fargate",
      of: `${counted(tasks, "task")} of ${vcpu} vCPU and ${gb} GB`,
      usd: tasks * hour * HOURS_A_MONTH,
    },
    {
      item: "Queue polls",
      of: `worker, each ${IDLE_POLL_SECONDS} s`,
      usd: (polls * (QUEUES * PRICES_USD.perMillionQueueRequests + ofCalls)) / MILLION,
    },
    { item: "Table reads", of: "worker: what is paused", usd: (reads * PRICES_USD.perMillionReads) / MILLION },
    logsOf(WORKER_SERVICE, lines * logBytes),
    metricsOf(WORKER_SERVICE, metrics.length),
  ];
};

function receivesCalls(task: Properties): boolean {
  const variables = listOf(task["ContainerDefinitions"]).flatMap((container) =>
    listOf(objectOf(container)["Environment"]),
  );
  return variables.map(objectOf).some(({ Name, Value }) => Name === CALLS_QUEUE && Value !== "");
}

/** What a schedule runs: each target for itself. What an event starts runs when there is one. */
export const schedule: Rule = ({ logicalId, properties }, about) => {
  if (properties["ScheduleExpression"] === undefined) return [];
  const runs = runsAMonth(logicalId, textAt(properties, "ScheduleExpression"));
  const targets = listOf(properties["Targets"]).map((target) => functionOf(objectOf(target)["Arn"], about));
  const functions = [...new Map(targets.map((one) => [one.name, one])).values()];
  const [first] = functions;
  return [
    ...targets.flatMap((one) => runsOf(one, runs)),
    ...functions.map(({ name, metrics }) => metricsOf(name, metrics.length)),
    ...(first?.name === FUNCTION_NAMES.releaseDue ? [looks(runs, about.settings.dueShards)] : []),
    ...(first?.name === FUNCTION_NAMES.canary ? canaries(runs, about) : []),
  ];
};

/**
 * All parts of a run together look once into each shard, and once more whether anything falls due; and whether a job
 * is open.
 */
function looks(runs: number, dueShards: number): CostItem {
  const usd = (runs * (dueShards * LOOK_READS + JOB_LOOK_READS) * PRICES_USD.perMillionReads) / MILLION;
  return { item: "Table reads", of: `${FUNCTION_NAMES.releaseDue}: looks into ${dueShards} shards`, usd };
}

/** A stream is polled for nothing; a queue is not. */
export const eventSource: Rule = ({ properties }, { template }) => {
  const source = template.Resources[referredTo(properties["EventSourceArn"]) ?? ""];
  if (source?.Type !== "AWS::SQS::Queue") return [];
  const isFifo = source.Properties?.["FifoQueue"] === true;
  const price = isFifo ? PRICES_USD.perMillionQueueRequests : PRICES_USD.perMillionStandardQueueRequests;
  const polls = MAPPING_POLLS_A_SECOND * SECONDS_A_MONTH;
  return [{ item: "Queue polls", of: "Lambda, five of twenty seconds", usd: (polls * price) / MILLION }];
};
