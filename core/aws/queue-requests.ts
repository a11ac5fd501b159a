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
}

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
    return {
      Id: String(index),
      MessageBody: message.body,
      MessageGroupId: message.groupId,
      MessageDeduplicationId: message.deduplicationId,
      ...(trace !== undefined && {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } },
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
