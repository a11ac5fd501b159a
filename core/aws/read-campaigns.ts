/** What was counted of labels, read back from CloudWatch. Whoever reads keeps the result for a while. */
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CAMPAIGN_STEPS, type CampaignStep } from "../campaigns/campaign.ts";
import { CAMPAIGN_DIMENSIONS, CAMPAIGN_METRICS } from "../campaigns/campaign-counts.ts";
import type { CampaignRange } from "../campaigns/campaign-range.ts";
import { metricQuery, metricResults } from "./metric-results.ts";

export interface CampaignSeries {
  readonly label: string;
  /** Kind of the channel. */
  readonly channel: string;
  readonly step: CampaignStep;
  /** Counts by the epoch milliseconds at which their period begins; none where nothing was counted. */
  readonly counts: ReadonlyMap<number, number>;
}

/** @throws what CloudWatch does; a part that it does not have is no result of it */
export async function readCampaigns(
  client: CloudWatchClient,
  namespace: string,
  labels: readonly string[],
  channels: readonly string[],
  { fromMs, toMs, periodSeconds }: CampaignRange,
): Promise<readonly CampaignSeries[]> {
  const wanted = labels.flatMap((label) =>
    channels.flatMap((channel) => CAMPAIGN_STEPS.map((step) => ({ label, channel, step, counts: new Map() }))),
  );
  const queries = wanted.map(({ label, channel, step }, index) => {
    const dimensions = { [CAMPAIGN_DIMENSIONS.label]: label, [CAMPAIGN_DIMENSIONS.channel]: channel };
    const metric = { namespace, name: CAMPAIGN_METRICS[step], dimensions, statistic: "Sum" };
    return metricQuery(metric, `q${index}`, periodSeconds);
  });
  for (const { Id = "", Timestamps = [], Values = [] } of await metricResults(client, queries, fromMs, toMs))
    for (const [index, at] of Timestamps.entries())
      wanted[Number(Id.slice(1))]?.counts.set(new Date(at).getTime(), Values[index] ?? 0);
  return wanted;
}
