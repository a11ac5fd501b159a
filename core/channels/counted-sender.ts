/**
 * Counts what a sender sent, and what it did not: a metric a kind for what was sent, one each for what was not, and of
 * what failed a part each kind.
 */
import { METRICS } from "../settings/names.ts";
import type { SentKind } from "./channel.ts";
import { SENT_METRICS } from "./sent-metrics.ts";
import type { SenderParts } from "./sender-parts.ts";
import type { ChannelMessage, ChannelSender, SendOutcome } from "./channel-sender.ts";

export function countedSender(
  kind: SentKind,
  sender: ChannelSender,
  { count, countPart }: Pick<SenderParts, "count" | "countPart">,
): ChannelSender {
  return {
    kind,
    needsIntent: sender.needsIntent,
    send: async (message: ChannelMessage, deadlineMs: number) => {
      const outcome = await sender.send(message, deadlineMs);
      const metric = metricOf(kind, outcome);
      count(metric);
      if (metric === METRICS.channelFailed) countPart(metric, "kind", kind);
      return outcome;
    },
  };
}

function metricOf(kind: SentKind, outcome: SendOutcome): string {
  if (outcome.kind === "not sent") return METRICS.channelHeldBack;
  if (outcome.kind === "uncertain") return METRICS.channelUncertain;
  return outcome.outcome.kind === "delivered" ? SENT_METRICS[kind] : METRICS.channelFailed;
}
