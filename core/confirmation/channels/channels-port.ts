/** What sends by channels, of a program on the path: nothing is loaded before a message goes by one. */
import { channelSenders } from "../../channels/channel-senders.ts";
import type { SenderParts } from "../../channels/sender-parts.ts";
import type { ChannelsEnvironment } from "../../settings/channels-environment.ts";
import type { ChannelsPort } from "../ports.ts";

/**
 * @param channels as `readChannels` has them
 * @returns undefined where no kind of channel is configured
 */
export function channelsPort(
  channels: ChannelsEnvironment | undefined,
  parts: Omit<SenderParts, "channels">,
): ChannelsPort | undefined {
  if (channels === undefined) return undefined;
  const { onUncertain, receiptWithinMs } = channels;
  const senders = channelSenders({ ...parts, channels });
  return { of: (kind) => senders.of(kind), onUncertain, receiptWithinMs };
}
