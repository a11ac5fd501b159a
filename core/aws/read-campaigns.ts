/**
 * What was counted of labels, read back from CloudWatch. Each series costs a hundred-thousandth of a dollar a time, so
 * whoever reads keeps the result for a while.
 */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { CAMPAIGN_STEPS, type CampaignStep } from "../campaigns/campaign.ts";
import { CAMPAIGN_DIMENSIONS, CAMPAIGN_METRICS } from "../campaigns/campaign-counts.ts";
import type { CampaignRange } from "../campaigns/campaign-range.ts";

export interface CampaignSeries {
  readonly label: string;
  /** Kind of the channel. */
  readonly channel: string;
  readonly step: CampaignStep;
  /** Counts by the epoch milliseconds at which their period begins; none where nothing was counted. */
  readonly counts: ReadonlyMap<number, number>;
}

/** Queries that a call takes (CloudWatch API Reference, `GetMetricData`). */
const MOST_QUERIES = 500;

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
  const queries = wanted.map(({ label, channel, step }, index): MetricDataQuery => ({
    Id: `q${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: CAMPAIGN_METRICS[step],
        Dimensions: [
          { Name: CAMPAIGN_DIMENSIONS.label, Value: label },
          { Name: CAMPAIGN_DIMENSIONS.channel, Value: channel },
        ],
      },
      Period: periodSeconds,
      Stat: "Sum",
    },
  }));
  const ask = async (MetricDataQueries: MetricDataQuery[]): Promise<MetricDataResult[]> => {
    const results: MetricDataResult[] = [];
    let NextToken: string | undefined;
    do {
      const output = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(fromMs),
          EndTime: new Date(toMs),
          ScanBy: "TimestampAscending",
          MetricDataQueries,
          ...(NextToken !== undefined && { NextToken }),
        }),
      );
      results.push(...(output.MetricDataResults ?? []));
      NextToken = output.NextToken;
    } while (NextToken !== undefined);
    return results;
  };
  for (let start = 0; start < queries.length; start += MOST_QUERIES)
    for (const { Id = "", Timestamps = [], Values = [] } of await ask(queries.slice(start, start + MOST_QUERIES)))
      for (const [index, at] of Timestamps.entries())
        wanted[Number(Id.slice(1))]?.counts.set(new Date(at).getTime(), Values[index] ?? 0);
  return wanted;
}
