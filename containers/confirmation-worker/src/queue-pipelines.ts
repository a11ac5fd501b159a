/** The pipelines of both queues, over what they share: ports, table, reads ahead, room for what is in trouble. */
import { InQueueBudget, NO_ROOM } from "../../../core/confirmation/in-queue-budget.ts";
import { ordered } from "../../../core/confirmation/order/ordered.ts";
import { unordered } from "../../../core/confirmation/order/unordered.ts";
import type { ChannelsPort, Ports } from "../../../core/confirmation/ports.ts";
import { confirmationSettings } from "../../../core/confirmation/settings.ts";
import type { TaskClock } from "../../../core/confirmation/clock/task-clock.ts";
import type { Connections } from "../../../core/confirmation/connections.ts";
import type { WorkerEnvironment } from "./environment.ts";
import type { MerchantSide } from "../../../core/confirmation/merchants/merchant-side.ts";
import {
  type QueuePipeline,
  queuePipeline,
  type QueuePipelineOptions,
} from "../../../core/confirmation/batched/queue-pipeline.ts";
import { RowReader } from "../../../core/confirmation/batched/row-reader.ts";
import { watchedTransactions } from "../../../core/confirmation/tables/watched-reads.ts";
import type { DependencyBreaker } from "../../../core/confirmation/tables/dependency-breaker.ts";
import type { Measures } from "../../../core/confirmation/telemetry/measures.ts";

export interface QueuePipelines {
  readonly unordered: QueuePipeline;
  readonly ordered: QueuePipeline;
  /** Messages whose work is done but could not be recorded yet. */
  readonly unrecorded: () => number;
}

export interface QueuePipelinesOptions {
  readonly env: WorkerEnvironment;
  readonly connections: Connections;
  readonly merchants: MerchantSide;
  readonly breaker: Pick<DependencyBreaker, "begin" | "ended" | "dropped" | "isDown">;
  readonly measures: Measures;
  readonly clock: TaskClock;
  /** Undefined where no kind of channel is configured. */
  readonly channels: ChannelsPort | undefined;
  readonly journal: Ports["journal"];
  readonly life: Pick<QueuePipelineOptions["state"], "isStopping" | "isStopped">;
}

export function queuePipelines(options: QueuePipelinesOptions): QueuePipelines {
  const { env, connections, merchants, breaker, measures, clock, channels, journal, life } = options;
  const { table, confirmations, deadLetters } = connections;
  const settings = { ...confirmationSettings(env), visibilitySeconds: env.visibilitySeconds };
  const budget = () => new InQueueBudget(env.inQueueFailingMax, clock.elapsedMs);
  const shared: QueuePipelineOptions = {
    ports: { merchants: merchants.port, telemetry: measures, clock, channels, journal },
    table,
    rows: new RowReader(watchedTransactions(table, breaker), (rows) => merchants.prefetch.look(rows)),
    deadLetterQueue: deadLetters,
    ordered: connections.ordered,
    troubled: budget(),
    state: { ...life, isOutage: () => breaker.isDown, pause: clock.pause },
    settings: Object.freeze(settings),
  };
  const pipelines = {
    unordered: queuePipeline(confirmations, unordered, budget(), shared),
    // What waits in order waits at the head of its group, and never as long as it takes to be attempted again.
    ordered: queuePipeline(connections.ordered, ordered, NO_ROOM, shared),
  };
  const { unordered: others, ordered: inOrder } = pipelines;
  return { ...pipelines, unrecorded: () => others.untilRecorded.waiting + inOrder.untilRecorded.waiting };
}
