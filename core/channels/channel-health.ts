/** Which health row a channel has: the webhook is the merchant's own way, each other channel is failing by itself. */
import type { Channel } from "./channel.ts";

/** How the ids of such rows begin, in the table of merchants' health. No merchant may have such an id. */
export const CHANNEL_HEALTH_PREFIX = "channel ";

/** @returns the id of the health row: that of the merchant for its webhook */
export function channelHealthId(merchantId: string, { id, kind }: Pick<Channel, "id" | "kind">): string {
  return kind === "webhook" ? merchantId : `${CHANNEL_HEALTH_PREFIX}${id} of ${merchantId}`;
}

/** Channels whose health the conditions of these name: nobody else's need be read to choose one. */
export function channelsAskedAbout(channels: readonly Channel[]): Channel[] {
  const asked = new Set(channels.map(({ when }) => when?.health?.channel));
  return channels.filter(({ id }) => asked.has(id));
}
