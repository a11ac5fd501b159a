/** Channels that could not be used are refused before anything is written: each of their faults, with its place. */
import { type ChannelBounds, boundFaults } from "../../../../../core/channels/channel-bounds.ts";
import type { Channel } from "../../../../../core/channels/channel.ts";
import { withConsents } from "../../../../../core/channels/consents.ts";
import type { FaultAt } from "../../../../../core/api/problem.ts";
import { pointerOf } from "../../../../../core/api/zod-faults.ts";
import type { AddressGuard } from "../../../../../core/delivery/address-guard.ts";
import { urlFaults } from "../check-url.ts";
import type { NewChannels } from "./channels-schema.ts";

/** By which another clock may be ahead. */
const CLOCK_MARGIN_MS = 300_000;

export const PLAN_ALONE: FaultAt = { pointer: "/plan", detail: "expected channels beside it" };

export interface ChannelParts {
  readonly channelBounds: ChannelBounds;
  readonly guard: AddressGuard;
  readonly nowMs: () => number;
}

/** @param channels as a body has them. @returns none where there are no channels */
export function channelFaults(
  channels: NewChannels | null | undefined,
  { channelBounds, guard, nowMs }: ChannelParts,
): FaultAt[] {
  if (channels === undefined || channels === null) return [];
  const faults: FaultAt[] = boundFaults(withConsents(channels, undefined, "", 0), channelBounds).map(
    ({ path, detail }) => ({ pointer: pointerOf(["channels", ...path]), detail }),
  );
  for (const [index, channel] of channels.entries()) {
    const at = (...path: string[]) => pointerOf(["channels", index, ...path]);
    if (channel.kind === "webhook") faults.push(...urlFaults(channel.url, guard, at("url")));
    const consentedAt = channel.when?.consent?.at;
    if (consentedAt !== undefined && Date.parse(consentedAt) > nowMs() + CLOCK_MARGIN_MS)
      faults.push({ pointer: at("when", "consent", "at"), detail: "expected a time that is not to come" });
  }
  return faults;
}

/** URLs of their own that webhooks among the channels have. */
export function channelUrls(channels: readonly Channel[] | undefined): string[] {
  return (channels ?? []).flatMap((channel) =>
    channel.kind === "webhook" && channel.url !== undefined ? [channel.url] : [],
  );
}
