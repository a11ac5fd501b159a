/**
 * Publishes the webhook's body to a topic of SNS; a FIFO topic as a FIFO queue.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { AwsFaults } from "./aws-outcome.ts";
import { awsSender } from "./aws-sender.ts";
import type { ChannelSender } from "./channel-sender.ts";
import { fifoParameters } from "./fifo.ts";
import { sent } from "./send-outcomes.ts";

/**
 * Errors of `Publish` (its API Reference), by the codes that the query protocol has and by the names of the SDK. A key
 * of KMS is that of the topic's owner.
 */
const FAULTS: AwsFaults = {
  service: "SNS",
  faults: {
    NotFound: "theirs",
    NotFoundException: "theirs",
    AuthorizationError: "theirs",
    AuthorizationErrorException: "theirs",
    AccessDenied: "theirs",
    AccessDeniedException: "theirs",
    EndpointDisabledException: "theirs",
    PlatformApplicationDisabledException: "theirs",
    InvalidSecurityException: "theirs",
    KMSAccessDeniedException: "theirs",
    KMSDisabledException: "theirs",
    KMSInvalidStateException: "theirs",
    KMSNotFoundException: "theirs",
    KMSOptInRequired: "theirs",
    InvalidParameter: "message",
    InvalidParameterException: "message",
    InvalidParameterValueException: "message",
    ParameterValueInvalid: "message",
    ValidationException: "message",
    InternalError: "service",
    InternalErrorException: "service",
    Throttled: "service",
    ThrottledException: "service",
    Throttling: "service",
    KMSThrottlingException: "service",
  },
};

export function topicSender(client: Pick<SNSClient, "send">): ChannelSender {
  return awsSender({
    kind: "sns",
    faults: FAULTS,
    send: async (message, abortSignal) => {
      const { topicArn } = message.channel;
      const command = new PublishCommand({
        TopicArn: topicArn,
        Message: message.body,
        MessageAttributes: { "webhook-id": { DataType: "String", StringValue: message.webhookId } },
        ...fifoParameters(topicArn, message),
      });
      const { MessageId } = await client.send(command, { abortSignal });
      return sent(MessageId);
    },
  });
}
