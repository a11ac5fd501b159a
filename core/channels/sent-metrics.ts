/** Under which metric messages count that a service took, by kind of channel. */
import { METRICS } from "../settings/names.ts";
import type { SentKind } from "./channel.ts";

export const SENT_METRICS = {
  email: METRICS.emailSent,
  sms: METRICS.smsSent,
  whatsapp: METRICS.whatsappSent,
  sqs: METRICS.queueMessagesSent,
  sns: METRICS.topicMessagesSent,
  eventbridge: METRICS.eventsPut,
} as const satisfies Readonly<Record<SentKind, string>>;
