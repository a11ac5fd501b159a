/** What was decided to be sent, as a message: to the dead-letter queue, or to an ordered group. */
import { quarantineMessageOf } from "../../aws/outgoing-messages.ts";
import type { OutgoingMessage } from "../../aws/queue-requests.ts";
import {
  deduplicationId,
  encodeDeadLetter,
  encodeMessage,
  encodeUnreadable,
  sha256,
} from "../../transaction/message.ts";
import { versionOf } from "../../transaction/transaction.ts";
import type { Send } from "../decide/effect.ts";
import type { InFlightMessage } from "../in-flight-message.ts";

/** @param trace header with which it goes on, for one whose path is traced */
export function outgoing(send: Send, { received }: InFlightMessage, trace: string | undefined): OutgoingMessage {
  if (send.kind === "dead letter") return deadLetter(send, received.groupId, trace);
  if (send.kind === "to ordered group") return moved(send, received.messageId, trace);
  if (send.kind === "unusable row") {
    const letter = quarantineMessageOf(send.row, versionOf(send.row), "transaction", send.failure);
    return { ...letter, groupId: received.groupId };
  }
  // The message's id is part of it: a letter that was put back has another one, and must not be swallowed as its own
  // repetition.
  const id = sha256(`${received.messageId} ${received.body}`);
  return { body: encodeUnreadable(received.body, send.failure), groupId: received.groupId, deduplicationId: id };
}

function moved(
  send: Extract<Send, { kind: "to ordered group" }>,
  messageId: string,
  trace: string | undefined,
): OutgoingMessage {
  const message = trace === undefined ? send.message : { ...send.message, trace };
  return {
    body: encodeMessage(message),
    groupId: send.groupId,
    deduplicationId: sha256(`${messageId} ${encodeMessage(send.message)}`),
    ...(message.trace !== undefined && { trace: message.trace }),
  };
}

function deadLetter(
  send: Extract<Send, { kind: "dead letter" }>,
  groupId: string,
  trace: string | undefined,
): OutgoingMessage {
  const { merchantId, failure, attemptCount } = send;
  const message = trace === undefined ? send.message : { ...send.message, trace };
  return {
    body: encodeDeadLetter(message, failure, attemptCount),
    groupId,
    deduplicationId: send.deduplicationId ?? deduplicationId({ ...message, deadLettered: true }),
    ...(merchantId !== undefined && { merchantId }),
    ...(message.trace !== undefined && { trace: message.trace }),
  };
}
