/** Every sender, by kind: what a program loads when it first sends by a channel, and not before. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { PinpointSMSVoiceV2Client } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { SNSClient } from "@aws-sdk/client-sns";
import { SocialMessagingClient } from "@aws-sdk/client-socialmessaging";
import { SQSClient } from "@aws-sdk/client-sqs";
import { boundedClient } from "../aws/bounded-client.ts";
import { ONCE } from "../aws/call-limits.ts";
import type { SentKind } from "./channel.ts";
import type { ChannelSender } from "./channel-sender.ts";
import { countedSender } from "./counted-sender.ts";
import { emailSender } from "./email-sender.ts";
import { eventBusSender } from "./event-bus-sender.ts";
import { queueSender } from "./queue-sender.ts";
import type { SenderParts } from "./sender-parts.ts";
import { SmsSender } from "./sms-sender.ts";
import { SpendingCap } from "./spending-cap.ts";
import { storedTemplates } from "./templates/stored-templates.ts";
import { topicSender } from "./topic-sender.ts";
import { WhatsAppSender } from "./whatsapp-sender.ts";

const MAKERS: Readonly<Record<SentKind, (parts: SenderParts) => ChannelSender>> = {
  email: emailSender,
  sms: smsSender,
  whatsapp: (parts) =>
    new WhatsAppSender({
      phoneNumberId: parts.channels.whatsapp.phoneNumberId,
      templates: storedTemplates(parts),
      client: boundedClient(SocialMessagingClient, { ...parts.limits, ...ONCE }),
    }),
  // The URL of a queue is a merchant's word: no signed request goes to where it leads.
  sqs: (parts) => queueSender(boundedClient(SQSClient, attemptedOnce(parts), { useQueueUrlAsEndpoint: false })),
  sns: (parts) => topicSender(boundedClient(SNSClient, attemptedOnce(parts))),
  eventbridge: (parts) => eventBusSender(boundedClient(EventBridgeClient, attemptedOnce(parts))),
};

function smsSender(parts: SenderParts): SmsSender {
  const { channels, limits, merchantGatesTable: table, now, count, warn } = parts;
  return new SmsSender({
    ...channels.sms,
    configurationSetName: channels.configurationSet,
    cap: new SpendingCap({ ...channels.sms, client: boundedClient(DynamoDBClient, limits), table, now }),
    templates: storedTemplates(parts),
    client: boundedClient(PinpointSMSVoiceV2Client, { ...limits, ...ONCE }),
    count,
    warn,
  });
}

/** Whoever sends decides when it is sent again. A second message does no harm, so connections are kept. */
function attemptedOnce({ limits }: SenderParts) {
  return { ...limits, attempts: 1 };
}

export function makeSender(kind: SentKind, parts: SenderParts): ChannelSender {
  return countedSender(kind, MAKERS[kind](parts), parts);
}
