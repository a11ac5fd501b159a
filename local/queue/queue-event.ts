/** Messages of a queue as Lambda hands them to a function, and which of them its response says are handled. */
import type { Message } from "@aws-sdk/client-sqs";
import { REGION } from "../machine.ts";

export function queueEvent(messages: readonly Message[], queueArn: string): object {
  return {
    Records: messages.map(({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes, MD5OfBody }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes ?? {},
      messageAttributes: MessageAttributes ?? {},
      md5OfBody: MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion: REGION,
    })),
  };
}

/**
 * With item failures reported: all but those; a response that names a message that is none means that nothing is
 * handled, as in Lambda.
 */
export function handledOf(messages: readonly Message[], response: unknown, reportsItemFailures: boolean): Message[] {
  if (!reportsItemFailures) return [...messages];
  const { batchItemFailures = [] } = (response ?? {}) as {
    readonly batchItemFailures?: readonly { readonly itemIdentifier?: string }[];
  };
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const ids = new Set(messages.map(({ MessageId }) => MessageId));
  if ([...failed].some((id) => id === undefined || !ids.has(id))) return [];
  return messages.filter(({ MessageId }) => !failed.has(MessageId));
}
