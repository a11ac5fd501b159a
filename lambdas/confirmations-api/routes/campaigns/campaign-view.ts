/** From what was counted in periods to what the API shows of a campaign. */
import { CAMPAIGN_STEPS, type CampaignStep } from "../../../../core/campaigns/campaign.ts";
import type { CampaignRange } from "../../../../core/campaigns/campaign-range.ts";
import type { CampaignSeries } from "../../../../core/aws/read-campaigns.ts";
import type { CampaignsView, CampaignView } from "./campaign-schema.ts";

type Counts = Record<CampaignStep, number>;

const none = (): Counts => ({ sent: 0, delivered: 0, failed: 0, acknowledged: 0 });

export function campaignsView(
  labels: readonly string[],
  range: CampaignRange,
  series: readonly CampaignSeries[],
): CampaignsView {
  const items = labels.map((label) => ({ label, ...totalOf(series.filter((one) => one.label === label)) }));
  return { ...timesOf(range), items, consistency: "eventual" };
}

/** @param series of the label alone */
export function campaignView(
  label: string,
  channels: readonly string[],
  range: CampaignRange,
  series: readonly CampaignSeries[],
): CampaignView {
  return {
    label,
    ...timesOf(range),
    periodSeconds: range.periodSeconds,
    ...totalOf(series),
    channels: channels.map((channel) => {
      const own = series.filter((one) => one.channel === channel);
      return { channel, ...totalOf(own), points: pointsOf(own) };
    }),
    consistency: "eventual",
  };
}

function totalOf(series: readonly CampaignSeries[]): Counts {
  const total = none();
  for (const { step, counts } of series) for (const count of counts.values()) total[step] += count;
  return total;
}

function pointsOf(series: readonly CampaignSeries[]) {
  const points = new Map<number, Counts>();
  for (const { step, counts } of series)
    for (const [at, count] of counts) {
      let point = points.get(at);
      if (point === undefined) points.set(at, (point = none()));
      point[step] += count;
    }
  return [...points]
    .filter(([, point]) => CAMPAIGN_STEPS.some((step) => point[step] > 0))
    .toSorted(([one], [other]) => one - other)
    .map(([at, point]) => ({ at: new Date(at).toISOString(), ...point }));
}

function timesOf({ fromMs, toMs }: CampaignRange): { readonly from: string; readonly to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
