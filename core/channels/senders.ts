/** Every sender, by kind: what a program loads when it first sends by a channel, and not before. */
import type { SentKind } from "./channel.ts";
import type { ChannelSender } from "./channel-sender.ts";
import { emailSender } from "./email-sender.ts";
import type { SenderParts } from "./sender-parts.ts";

const MAKERS: Readonly<Partial<Record<SentKind, (parts: SenderParts) => ChannelSender>>> = {
  email: emailSender,
};

export function makeSender(kind: SentKind, parts: SenderParts): ChannelSender {
  const make = MAKERS[kind];
  if (make === undefined) throw new Error(`nothing sends by ${kind}`);
  return make(parts);
}
