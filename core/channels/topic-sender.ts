/**
 * Publishes the webhook's body to a topic of SNS; a FIFO topic as a FIFO queue.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { awsOutcome, type AwsFaults } from "./aws-outcome.ts";
import type { ChannelOf } from "./channel.ts";
import type { ChannelMessage, ChannelSender, SendOutcome } from "./channel-sender.ts";
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

export class TopicSender implements ChannelSender {
  readonly kind = "sns";
  readonly needsIntent = false;
  readonly #client: Pick<SNSClient, "send">;

  constructor(client: Pick<SNSClient, "send">) {
    this.#client = client;
  }

  async send(given: ChannelMessage, deadlineMs: number): Promise<SendOutcome> {
    const message = given as ChannelMessage<ChannelOf<"sns">>;
    const { topicArn } = message.channel;
    const command = new PublishCommand({
      TopicArn: topicArn,
      Message: message.body,
      MessageAttributes: { "webhook-id": { DataType: "String", StringValue: message.webhookId } },
      ...fifoParameters(topicArn, message),
    });
    try {
      const { MessageId } = await this.#client.send(command, { abortSignal: AbortSignal.timeout(deadlineMs) });
      return sent(MessageId);
    } catch (error) {
      return awsOutcome(error, FAULTS);
    }
  }
}
