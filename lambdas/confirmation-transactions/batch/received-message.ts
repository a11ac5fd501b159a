/** A record of an event source mapping as a message that was received. */
import type { SQSRecord } from "aws-lambda";
import type { ReceivedMessage } from "../../../core/aws/message-queue.ts";

export function receivedMessage({ messageId, receiptHandle, body, attributes }: SQSRecord): ReceivedMessage {
  return {
    messageId,
    receiptHandle,
    body,
    groupId: attributes.MessageGroupId ?? messageId,
    receiveCount: Number(attributes.ApproximateReceiveCount),
    sentAt: Number(attributes.SentTimestamp),
    trace: attributes.AWSTraceHeader,
  };
}

/** Name of the queue that a record came from, as it ends the queue's ARN and its URL. */
export function queueNameOf({ eventSourceARN }: SQSRecord): string {
  return eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
}
