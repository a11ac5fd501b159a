/**
 * Sends the webhook's body to a queue of SQS. In a FIFO queue the deduplication id is the `webhook-id`, and a merchant
 * is a group; a standard queue may get a message twice, which its `webhook-id` attribute tells.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { AwsFaults } from "./aws-outcome.ts";
import { awsSender } from "./aws-sender.ts";
import type { ChannelSender } from "./channel-sender.ts";
import { fifoParameters } from "./fifo.ts";
import { sent } from "./send-outcomes.ts";

/**
 * Errors of `SendMessage` (its API Reference, and "Common error types"). A key of KMS is that of the queue's owner.
 * What the sandbox of a queue's policy refuses comes as `AccessDenied`, in either spelling.
 */
const FAULTS: AwsFaults = {
  service: "SQS",
  faults: {
    QueueDoesNotExist: "theirs",
    "AWS.SimpleQueueService.NonExistentQueue": "theirs",
    QueueDeletedRecently: "theirs",
    InvalidAddress: "theirs",
    AccessDenied: "theirs",
    AccessDeniedException: "theirs",
    UnsupportedOperation: "theirs",
    InvalidSecurity: "theirs",
    KmsAccessDenied: "theirs",
    KmsDisabled: "theirs",
    KmsInvalidKeyUsage: "theirs",
    KmsInvalidState: "theirs",
    KmsNotFound: "theirs",
    KmsOptInRequired: "theirs",
    InvalidMessageContents: "message",
    InvalidParameterValue: "message",
    InvalidParameterValueException: "message",
    RequestThrottled: "service",
    KmsThrottled: "service",
    OverLimit: "service",
    ThrottlingException: "service",
  },
};

/** @param client whose endpoint is the service's own, whatever the URL of a queue says */
export function queueSender(client: Pick<SQSClient, "send">): ChannelSender {
  return awsSender({
    kind: "sqs",
    faults: FAULTS,
    send: async (message, abortSignal) => {
      const { queueUrl } = message.channel;
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: message.body,
        MessageAttributes: { "webhook-id": { DataType: "String", StringValue: message.webhookId } },
        ...fifoParameters(queueUrl, message),
      });
      const { MessageId } = await client.send(command, { abortSignal });
      return sent(MessageId);
    },
  });
}
