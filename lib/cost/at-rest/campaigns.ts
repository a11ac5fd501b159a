/**
 * The metrics of labels that are counted. CloudWatch bills a metric for the hours in which it is published, and at rest
 * none of these is: they are told as if each were, the month round, so that nobody registers labels unaware.
 */
import { CAMPAIGN_STEPS } from "../../../core/campaigns/campaign.ts";
import { countedCampaigns, countedChannels } from "../../../core/settings/campaign-metrics.ts";
import { PRICES_USD } from "../../../core/settings/prices.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import type { CostItem } from "../cost-item.ts";

/** What is not registered counts as one more. */
const OTHER = 1;

/** By label and kind of channel: what is counted together, and so printed as one line. */
export function campaignLines(settings: Settings): number {
  const labels = countedCampaigns(settings).length;
  return labels === 0 ? 0 : (labels + OTHER) * countedChannels(settings).length;
}

export function campaignMetrics(settings: Settings): readonly CostItem[] {
  const metrics = campaignLines(settings) * CAMPAIGN_STEPS.length;
  if (metrics === 0) return [];
  return [{ item: "Metrics", of: `${metrics} of campaigns`, usd: metrics * PRICES_USD.perMetricMonth }];
}
