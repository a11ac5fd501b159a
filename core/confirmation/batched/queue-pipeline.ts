/**
 * What a task needs for one of its two queues: what is deleted, recorded and confirmed there. All else the two share.
 */
import type { MessageQueue } from "../../aws/message-queue.ts";
import type { TransactionsTable } from "../../aws/transactions-table.ts";
import { Confirmation } from "../confirmation.ts";
import type { QueueStrategy } from "../order/strategy.ts";
import type { Ports, QueuePort, TablePort } from "../ports.ts";
import type { ConfirmationSettings } from "../settings.ts";
import { queuePort } from "./queue-port.ts";
import { tablePort } from "./table-port.ts";
import type { RowReader } from "./row-reader.ts";
import { Acknowledger } from "./acknowledger.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Recorder } from "./recorder.ts";
import { type RetryOptions, RetryUntilRecorded } from "./retry-until-recorded.ts";

/** What both queues share. */
export interface QueuePipelineOptions {
  readonly ports: Pick<Ports, "merchants" | "telemetry" | "clock" | "channels" | "journal">;
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
  readonly acknowledger: Acknowledging;
  readonly untilRecorded: RetryUntilRecorded;
  readonly confirmation: Confirmation;
}

type Acknowledging = Pick<Acknowledger, "delete" | "giveBack" | "extend">;

/**
 * @param failing room for failed messages that wait in this very queue
 * @param acknowledging what stands before the one that asks the queue. @default nothing
 */
export function queuePipeline(
  queue: Pick<MessageQueue, "delete" | "changeVisibility">,
  strategy: QueueStrategy,
  failing: QueuePort["failing"],
  options: QueuePipelineOptions,
  acknowledging: (own: Acknowledger) => Acknowledging = (own) => own,
): QueuePipeline {
  const { ports, table, rows, deadLetterQueue, ordered, troubled, state, settings } = options;
  const { clock, telemetry } = ports;
  const own = new Acknowledger(queue, settings.visibilitySeconds, () => clock.elapsedMs());
  const acknowledger = acknowledging(own);
  const { pause, isStopped, isStopping, isOutage } = state;
  const untilRecorded = new RetryUntilRecorded({ pause, isStopped, extend: (message) => acknowledger.extend(message) });
  const recorder = new Recorder(table, untilRecorded);
  const deadLetters = new DeadLetters(deadLetterQueue, untilRecorded, telemetry.warn);
  const all = {
    ...ports,
    queue: queuePort({ acknowledger, deadLetters, ordered, failing, troubled, isStopping }),
    table: tablePort({ name: table.name, rows, recorder, isOutage }),
  };
  return { acknowledger, untilRecorded, confirmation: new Confirmation(all, settings, strategy) };
}
