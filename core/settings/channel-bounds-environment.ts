/**
 * What the API is told of channels: which there may be, and where to. Written only where the settings have a kind of
 * channel; without it there are webhooks and nothing else.
 */
import { declareEnvironment } from "./environment.ts";
import { textList } from "./variable-kinds.ts";

export const channelBoundsEnvironment = declareEnvironment("which channels there may be", {
  kinds: textList("CHANNEL_KINDS", []),
  smsCountries: textList("SMS_COUNTRIES", []),
  queueArns: textList("CHANNEL_QUEUE_ARNS", []),
  topicArns: textList("CHANNEL_TOPIC_ARNS", []),
  eventBusArns: textList("CHANNEL_EVENT_BUS_ARNS", []),
});
