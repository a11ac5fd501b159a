/**
 * What a task needs for one of its two queues: what is acknowledged, kept at and handled there. All else the two share.
 */
import type { MessageQueue } from "../../../core/aws/message-queue.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { Acknowledger } from "./record/acknowledger.ts";
import { Confirmation, type ConfirmationParts } from "./confirmation/confirmation.ts";
import { DeadLetters } from "./record/dead-letters.ts";
import { RetryUntilRecorded, type RetryOptions } from "./record/retry-until-recorded.ts";
import { Recorder } from "./record/recorder.ts";

type OfQueue = "acknowledger" | "recorder" | "deadLetters" | "isOrderedQueue";

export interface QueuePipelineOptions extends Omit<ConfirmationParts, OfQueue>, Omit<RetryOptions, "extend"> {
  readonly table: Pick<TransactionsTable, "read" | "write">;
  readonly deadLetterQueue: Pick<MessageQueue, "send">;
  readonly visibilitySeconds: number;
}

export interface QueuePipeline {
  readonly acknowledger: Acknowledger;
  readonly untilRecorded: RetryUntilRecorded;
  readonly confirmation: Confirmation;
}

export function queuePipeline(
  queue: Pick<MessageQueue, "delete" | "changeVisibility">,
  isOrderedQueue: boolean,
  options: QueuePipelineOptions,
): QueuePipeline {
  const acknowledger = new Acknowledger(queue, options.visibilitySeconds, options.elapsedMs);
  const untilRecorded = new RetryUntilRecorded({ ...options, extend: (held) => acknowledger.extend(held) });
  const confirmation = new Confirmation({
    ...options,
    isOrderedQueue,
    acknowledger,
    recorder: new Recorder(options.table, untilRecorded),
    deadLetters: new DeadLetters(options.deadLetterQueue, untilRecorded, options.warn),
  });
  return { acknowledger, untilRecorded, confirmation };
}
