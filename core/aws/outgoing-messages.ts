/** A row's messages to the two queues: body, group, deduplication id and trace, the same whoever sends them. */
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import type { Failure } from "../transaction/failure.ts";
import {
  type ConfirmationMessage,
  deduplicationId,
  encodeDeadLetter,
  encodeMessage,
  encodeQuarantined,
  messageGroupId,
  sha256,
} from "../transaction/message.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { rowStateOf } from "../transaction/row/row-state.ts";
import { hasSteps } from "../transaction/row/steps.ts";
import type { OutgoingMessage } from "./queue-requests.ts";

/** What forms a message group, as in the settings. */
export type Order = "transaction" | "merchant";

export function confirmationOf(row: AttributeMap, given: ConfirmationMessage, order: Order): OutgoingMessage {
  const message = forRow(row, given);
  return {
    body: encodeMessage(message),
    groupId: groupOf(row, order),
    deduplicationId: deduplicationId(message),
    ...(message.trace !== undefined && { trace: message.trace }),
  };
}

export function deadLetterOf(
  row: AttributeMap,
  message: ConfirmationMessage,
  order: Order,
  failure: Failure,
  attemptCount: number,
): OutgoingMessage {
  const marked = { ...forRow(row, message), deadLettered: true } as const;
  const body = encodeDeadLetter(marked, failure, attemptCount);
  return { ...confirmationOf(row, marked, order), ...merchantOf(row), body };
}

/** For a row whose version cannot be delivered. @param version undefined where the row has none that can be read */
export function quarantineMessageOf(
  row: AttributeMap,
  version: number | undefined,
  order: Order,
  failure: Failure,
): OutgoingMessage {
  const body = encodeQuarantined(stringOf(row["transactionId"]) ?? "", version, rowStateOf(row).release, failure);
  return { body, groupId: groupOf(row, order), deduplicationId: sha256(body), ...merchantOf(row) };
}

/** What a row has steps for is for programs alone that know them. */
function forRow(row: AttributeMap, message: ConfirmationMessage): ConfirmationMessage {
  return row[ATTRIBUTES.steps] !== undefined && hasSteps(row) ? { ...message, hasSteps: true } : message;
}

function merchantOf(row: AttributeMap): Pick<OutgoingMessage, "merchantId"> {
  const merchantId = stringOf(row["merchantId"]);
  return merchantId === undefined ? {} : { merchantId };
}

function groupOf(row: AttributeMap, order: Order): string {
  return messageGroupId(stringOf(row["transactionId"]) ?? "", order, stringOf(row["merchantId"]));
}
