/**
 * The senders of the kinds of channels that the settings have. Their code, the SDK's clients and other packages are in
 * a file of their own, which is loaded when the first message goes by a channel: a program without channels neither
 * starts later nor holds more memory.
 */
import type { SentKind } from "./channel.ts";
import type { ChannelSender } from "./channel-sender.ts";
import type { SenderParts } from "./sender-parts.ts";
import type * as senders from "./senders.ts";

export interface ChannelSenders {
  /**
   * The same sender each time. Rejects where its file cannot be loaded, and tries again when it is asked next.
   * @returns undefined where the settings do not have that kind
   */
  of(kind: SentKind): Promise<ChannelSender | undefined>;
}

type Senders = typeof senders;

/** Where the file is, in a bundle; elsewhere it is the module itself. */
declare const CHANNEL_SENDERS_FILE: string | undefined;

const load = (): Promise<Senders> =>
  typeof CHANNEL_SENDERS_FILE === "undefined"
    ? import("./senders.ts")
    : (import(CHANNEL_SENDERS_FILE) as Promise<Senders>);

/** @param parts without `channels` where no kind is configured: there is no sender then */
export function channelSenders(parts: Omit<SenderParts, "channels"> & Partial<SenderParts>): ChannelSenders {
  const { channels } = parts;
  if (channels === undefined) return { of: () => Promise.resolve(undefined) };
  const made = new Map<SentKind, ChannelSender>();
  return {
    of: async (kind) => {
      if (!channels.kinds.includes(kind)) return undefined;
      const { makeSender } = await load();
      const sender = made.get(kind) ?? makeSender(kind, { ...parts, channels });
      made.set(kind, sender);
      return sender;
    },
  };
}
