/**
 * What a task needs for one of its two queues: what is acknowledged, kept at and handled there. All else the two share.
 */
import type { MessageQueue } from "../../../core/aws/message-queue.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { Acknowledger } from "./acknowledger.ts";
import { Confirmation, type ConfirmationParts } from "./confirmation/confirmation.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Persistence, type PersistenceOptions } from "./persistence.ts";
import { Recorder } from "./recorder.ts";

type OfQueue = "acknowledger" | "recorder" | "deadLetters" | "isOrderedQueue";

export interface IntakeOptions extends Omit<ConfirmationParts, OfQueue>, Omit<PersistenceOptions, "extend"> {
  readonly table: Pick<TransactionsTable, "read" | "write">;
  readonly deadLetterQueue: Pick<MessageQueue, "send">;
  readonly visibilitySeconds: number;
}

export interface Intake {
  readonly acknowledger: Acknowledger;
  readonly persistence: Persistence;
  readonly confirmation: Confirmation;
}

export function intakeFrom(
  queue: Pick<MessageQueue, "delete" | "changeVisibility">,
  isOrderedQueue: boolean,
  options: IntakeOptions,
): Intake {
  const acknowledger = new Acknowledger(queue, options.visibilitySeconds, options.elapsedMs);
  const persistence = new Persistence({ ...options, extend: (held) => acknowledger.extend(held) });
  const confirmation = new Confirmation({
    ...options,
    isOrderedQueue,
    acknowledger,
    recorder: new Recorder(options.table, persistence),
    deadLetters: new DeadLetters(options.deadLetterQueue, persistence, options.warn),
  });
  return { acknowledger, persistence, confirmation };
}
