/** The worker over both queues: its receivers, and what handles what they bring. */
import type { MessageQueue, ReceivedMessage } from "../../../../core/aws/message-queue.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import { idlePollSeconds } from "../../../../core/settings/worker-rhythm.ts";
import type { TaskClock } from "../../../../core/confirmation/clock/task-clock.ts";
import type { Connections } from "../../../../core/confirmation/connections.ts";
import type { WorkerEnvironment } from "../environment.ts";
import type { QueuePipelines } from "../queue-pipelines.ts";
import { byGroup } from "../../../../core/confirmation/order/ordered-group.ts";
import type { Measures } from "../../../../core/confirmation/telemetry/measures.ts";
import type { PathTelemetry } from "../../../../core/confirmation/telemetry/path-telemetry.ts";
import { Worker } from "../worker.ts";
import type { DependencyBreaker } from "../../../../core/confirmation/tables/dependency-breaker.ts";
import { loopUtilization, PollerLimit } from "./poller-limit.ts";
import type { ReceiveControl } from "./receive-control.ts";
import { Receiver } from "./receiver.ts";

export interface ReceivingWorkerParts {
  readonly env: WorkerEnvironment;
  readonly connections: Pick<Connections, "confirmations" | "ordered">;
  readonly pipelines: QueuePipelines;
  readonly control: ReceiveControl<MessageQueue>;
  readonly breaker: DependencyBreaker<MessageQueue>;
  readonly telemetry: Pick<PathTelemetry, "count" | "info" | "warn"> & { readonly measures: Measures };
  readonly clock: TaskClock;
  /** Of calls that jobs ask for. */
  readonly callReceiver: Receiver | undefined;
}

export function receivingWorker(parts: ReceivingWorkerParts): Worker {
  const { env, connections, pipelines, control, breaker, telemetry, clock } = parts;
  const { visibilitySeconds, stopTimeoutMs } = env;
  const { unordered, ordered } = pipelines;
  const pollers = new PollerLimit(loopUtilization(), clock.elapsedMs);
  const from = (queue: MessageQueue, window: number) => ({
    queue,
    settings: { visibilitySeconds, window, idlePollSeconds: idlePollSeconds(stopTimeoutMs / 1000) },
    control: {
      mostPollers: () => pollers.look(),
      isHeldOff: () => !control.mayReceive(queue),
      received: (messages: readonly ReceivedMessage[]) => {
        if (messages.length > 0) breaker.received(queue);
        telemetry.measures.received(messages);
      },
    },
    clock,
    warn: telemetry.warn,
  });
  const others = from(connections.confirmations, env.window);
  const inOrder = from(connections.ordered, env.orderedWindow);
  return new Worker({
    unordered: {
      receiver: (handle) => new Receiver({ ...others, unitsOf: (messages) => messages, handle }),
      confirm: (inFlight) => breaker.watch(unordered.confirmation.handle(inFlight)),
    },
    ordered: {
      receiver: (handle) => new Receiver({ ...inOrder, unitsOf: byGroup, handle }),
      confirm: (inFlight) => breaker.watch(ordered.confirmation.handle(inFlight)),
      giveBack: (inFlight, seconds) => ordered.acknowledger.giveBack(inFlight, seconds),
      onHeldBack: (messages) => telemetry.count(METRICS.heldBackInOrder, messages),
      elapsedMs: clock.elapsedMs,
    },
    beside: parts.callReceiver,
    settings: { visibilitySeconds, stopTimeoutMs },
    clock,
    log: telemetry.info,
  });
}
