/** One of the two queues as an execution environment handles it: what confirms its messages, and what acknowledges. */
import { queuePipeline, type QueuePipelineOptions } from "../../core/confirmation/batched/queue-pipeline.ts";
import type { Confirmation } from "../../core/confirmation/confirmation.ts";
import type { MessageQueue, ReceivedMessage } from "../../core/aws/message-queue.ts";
import type { QueuePort } from "../../core/confirmation/ports.ts";
import type { QueueStrategy } from "../../core/confirmation/order/strategy.ts";
import { BatchAcknowledger } from "./batch/batch-acknowledger.ts";
import { sparingSeconds } from "./hold/hold-seconds.ts";

export interface QueueSide {
  readonly confirmation: Confirmation;
  readonly acknowledger: BatchAcknowledger;
}

export interface QueueSideOptions extends QueuePipelineOptions {
  /** Whether there is time in the invocation for what a message is kept for. */
  readonly hasTime: () => boolean;
}

/** @param failing room for failed messages that wait in this very queue */
export function queueSide(
  queue: MessageQueue,
  strategy: QueueStrategy,
  failing: QueuePort["failing"],
  options: QueueSideOptions,
): QueueSide {
  const { now } = options.ports.clock;
  const { hasTime } = options;
  // An ordered message's own waits spare its receives already.
  const waitOf = ({ received }: { received: ReceivedMessage }, seconds: number) =>
    strategy.name === "ordered" ? seconds : sparingSeconds(received, seconds, now());
  let acknowledger: BatchAcknowledger | undefined;
  const { confirmation } = queuePipeline(queue, strategy, failing, options, (own) => {
    acknowledger = new BatchAcknowledger({ queue: own, hasTime, waitOf });
    return acknowledger;
  });
  return { confirmation, acknowledger: acknowledger as unknown as BatchAcknowledger };
}
