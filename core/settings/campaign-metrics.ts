/** Which labels a stack counts, and by which kinds of channel: what its metrics, its dashboard and its bill rest on. */
import { WEBHOOK_CHANNEL } from "../campaigns/campaign.ts";
import type { Settings } from "./settings.ts";

export type CampaignSettings = Pick<Settings, "campaigns"> & {
  readonly delivery: Pick<Settings["delivery"], "mode">;
  readonly lambda: Pick<Settings["lambda"], "campaignMetrics">;
  readonly channels: Pick<Settings["channels"], "kinds">;
};

/** Labels that are counted by name; none where nothing is counted. Small-account mode has to be asked for them. */
export function countedCampaigns({ campaigns, delivery, lambda }: CampaignSettings): readonly string[] {
  return delivery.mode === "lambda" && !lambda.campaignMetrics ? [] : campaigns;
}

/** Kinds of channel that are counted apart, the webhook first. */
export function countedChannels({ channels }: Pick<CampaignSettings, "channels">): readonly string[] {
  return [WEBHOOK_CHANNEL, ...channels.kinds];
}
