/** What a queue is asked, in the terms of its API. */
import type {
  DeleteMessageBatchCommandInput,
  MessageSystemAttributeName,
  ReceiveMessageCommandInput,
  SendMessageBatchCommandInput,
} from "@aws-sdk/client-sqs";
import { isTraceHeader } from "../telemetry/trace.ts";

export interface OutgoingMessage {
  readonly body: string;
  readonly groupId: string;
  readonly deduplicationId: string;
  readonly trace?: string;
  /** Of a dead letter, as an attribute: whoever sorts them by merchant need not look into their bodies. */
  readonly merchantId?: string;
}

/** What SQS takes in the text of an attribute; a message with any other character is refused whole. */
const SQS_TEXT = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u;

const RECEIVED_ATTRIBUTES: MessageSystemAttributeName[] = [
  "MessageGroupId",
  "ApproximateReceiveCount",
  "SentTimestamp",
  "AWSTraceHeader",
];

export function receiveInput(
  url: string,
  most: number,
  visibilitySeconds: number,
  waitSeconds: number,
): ReceiveMessageCommandInput {
  return {
    QueueUrl: url,
    MaxNumberOfMessages: most,
    VisibilityTimeout: visibilitySeconds,
    WaitTimeSeconds: waitSeconds,
    MessageSystemAttributeNames: RECEIVED_ATTRIBUTES,
  };
}

export function sendInput(url: string, messages: readonly OutgoingMessage[]): SendMessageBatchCommandInput {
  const Entries = messages.map((message, index) => {
    const trace = traceOf(message);
    const { merchantId } = message;
    return {
      Id: String(index),
      MessageBody: message.body,
      MessageGroupId: message.groupId,
      MessageDeduplicationId: message.deduplicationId,
      ...(trace !== undefined && {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } },
      }),
      ...(merchantId !== undefined &&
        SQS_TEXT.test(merchantId) && {
          MessageAttributes: { merchantId: { DataType: "String", StringValue: merchantId } },
        }),
    };
  });
  return { QueueUrl: url, Entries };
}

export function deleteInput(url: string, receiptHandles: readonly string[]): DeleteMessageBatchCommandInput {
  const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
  return { QueueUrl: url, Entries };
}

/** A message that a person wrote may have any text in its place, and would be refused for it. */
function traceOf({ trace }: OutgoingMessage): string | undefined {
  return trace !== undefined && isTraceHeader(trace) ? trace : undefined;
}
