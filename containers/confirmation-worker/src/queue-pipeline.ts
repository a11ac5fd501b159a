/**
 * What a task needs for one of its two queues: what is deleted, recorded and confirmed there. All else the two share.
 */
import type { MessageQueue } from "../../../core/aws/message-queue.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { Confirmation } from "../../../core/confirmation/confirmation.ts";
import type { QueueStrategy } from "../../../core/confirmation/order/strategy.ts";
import type { Ports, QueuePort, TablePort } from "../../../core/confirmation/ports.ts";
import type { ConfirmationSettings } from "../../../core/confirmation/settings.ts";
import { queuePort } from "./ports/queue-port.ts";
import { tablePort } from "./ports/table-port.ts";
import type { RowReader } from "./read/row-reader.ts";
import { Acknowledger } from "./record/acknowledger.ts";
import { DeadLetters } from "./record/dead-letters.ts";
import { Recorder } from "./record/recorder.ts";
import { type RetryOptions, RetryUntilRecorded } from "./record/retry-until-recorded.ts";

/** What both queues share. */
export interface QueuePipelineOptions {
  readonly ports: Pick<Ports, "merchants" | "telemetry" | "clock">;
  readonly table: Pick<TransactionsTable, "write" | "read" | "name">;
  readonly rows: RowReader;
  readonly deadLetterQueue: Pick<MessageQueue, "send">;
  /** Where rows with an ordering key belong. */
  readonly ordered: Pick<MessageQueue, "send">;
  readonly troubled: QueuePort["troubled"];
  readonly state: Pick<QueuePort, "isStopping"> & Pick<TablePort, "isOutage"> & Omit<RetryOptions, "extend">;
  readonly settings: ConfirmationSettings & { readonly visibilitySeconds: number };
}

export interface QueuePipeline {
  readonly acknowledger: Acknowledger;
  readonly untilRecorded: RetryUntilRecorded;
  readonly confirmation: Confirmation;
}

/** @param failing room for failed messages that wait in this very queue */
export function queuePipeline(
  queue: Pick<MessageQueue, "delete" | "changeVisibility">,
  strategy: QueueStrategy,
  failing: QueuePort["failing"],
  options: QueuePipelineOptions,
): QueuePipeline {
  const { ports, table, rows, deadLetterQueue, ordered, troubled, state, settings } = options;
  const { clock, telemetry } = ports;
  const acknowledger = new Acknowledger(queue, settings.visibilitySeconds, () => clock.elapsedMs());
  const { pause, isStopped, isStopping, isOutage } = state;
  const untilRecorded = new RetryUntilRecorded({ pause, isStopped, extend: (message) => acknowledger.extend(message) });
  const recorder = new Recorder(table, untilRecorded);
  const deadLetters = new DeadLetters(deadLetterQueue, untilRecorded, telemetry.warn);
  const own = {
    ...ports,
    queue: queuePort({ acknowledger, deadLetters, ordered, failing, troubled, isStopping }),
    table: tablePort({ name: table.name, rows, recorder, isOutage }),
  };
  return { acknowledger, untilRecorded, confirmation: new Confirmation(own, settings, strategy) };
}
