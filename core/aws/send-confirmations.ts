/** Sends pending confirmations, each to the queue that its row belongs to, the same whoever sends them. */
import type { AttributeMap } from "../transaction/attribute-value.ts";
import type { ConfirmationMessage } from "../transaction/message.ts";
import { sha256 } from "../transaction/message.ts";
import { orderedGroupIdOf } from "../transaction/ordering.ts";
import type { EntryError, MessageQueue } from "./message-queue.ts";
import { confirmationOf, type Order } from "./outgoing-messages.ts";
import { sendAll } from "./send-all.ts";
import { sendInOrder } from "./send-in-order.ts";
import type { OutgoingMessage } from "./queue-requests.ts";

export interface ConfirmationSenders {
  readonly confirmations: Pick<MessageQueue, "send">;
  /** For rows with an ordering key. */
  readonly ordered: Pick<MessageQueue, "send">;
  readonly order: Order;
}

export interface PendingConfirmation {
  readonly row: AttributeMap;
  readonly message: ConfirmationMessage;
  /** Which repetition of the same message it is, so that SQS does not swallow it. @default the first sending */
  readonly repetition?: number;
}

/**
 * @returns what went wrong for each, in order; undefined for sent. Those of one ordered group are sent in the order
 * given.
 */
export async function sendConfirmations(
  { confirmations, ordered, order }: ConfirmationSenders,
  pending: readonly PendingConfirmation[],
): Promise<EntryError[]> {
  const errors: EntryError[] = Array.from({ length: pending.length });
  const toOrdered: [number, OutgoingMessage][] = [];
  const toOthers: [number, OutgoingMessage][] = [];
  for (const [index, { row, message, repetition }] of pending.entries()) {
    const groupId = orderedGroupIdOf(row);
    const outgoing = repeated(confirmationOf(row, message, order), repetition);
    if (groupId === undefined) toOthers.push([index, outgoing]);
    else toOrdered.push([index, { ...outgoing, groupId }]);
  }
  const send = async (entries: typeof toOrdered, sent: Promise<EntryError[]>): Promise<void> => {
    for (const [position, error] of (await sent).entries()) errors[entries[position]?.[0] ?? 0] = error;
  };
  const messages = (entries: typeof toOrdered) => entries.map(([, outgoing]) => outgoing);
  await Promise.all([
    send(toOthers, sendAll(confirmations, messages(toOthers))),
    send(toOrdered, sendInOrder(ordered, messages(toOrdered))),
  ]);
  return errors;
}

function repeated(outgoing: OutgoingMessage, repetition: number | undefined): OutgoingMessage {
  if (repetition === undefined) return outgoing;
  return { ...outgoing, deduplicationId: sha256(`${outgoing.deduplicationId} ${repetition}`) };
}
