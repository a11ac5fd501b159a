/** Counts what a sender sent, and what it did not: a metric a kind for what was sent, one each for what was not. */
import { METRICS } from "../settings/names.ts";
import type { SentKind } from "./channel.ts";
import type { ChannelMessage, ChannelSender, SendOutcome } from "./channel-sender.ts";

const SENT: Readonly<Record<SentKind, string>> = {
  email: METRICS.emailSent,
  sms: METRICS.smsSent,
  whatsapp: METRICS.whatsappSent,
  sqs: METRICS.queueMessagesSent,
  sns: METRICS.topicMessagesSent,
  eventbridge: METRICS.eventsPut,
};

export function countedSender(kind: SentKind, sender: ChannelSender, count: (metric: string) => void): ChannelSender {
  return {
    kind,
    needsIntent: sender.needsIntent,
    send: async (message: ChannelMessage, deadlineMs: number) => {
      const outcome = await sender.send(message, deadlineMs);
      count(metricOf(kind, outcome));
      return outcome;
    },
  };
}

function metricOf(kind: SentKind, outcome: SendOutcome): string {
  if (outcome.kind === "not sent") return METRICS.channelHeldBack;
  if (outcome.kind === "uncertain") return METRICS.channelUncertain;
  return outcome.outcome.kind === "delivered" ? SENT[kind] : METRICS.channelFailed;
}
