/** Who is at the top of a rule of Contributor Insights. */
import { type CloudWatchClient, GetInsightRuleReportCommand } from "@aws-sdk/client-cloudwatch";
import type { Timeline } from "../dashboard/evaluate.ts";
import type { ShownContributors } from "../dashboard/shown.ts";

const MINUTE_SECONDS = 60;

/** @returns most first; undefined where there is no such rule. @throws what CloudWatch does */
export async function topContributors(
  client: CloudWatchClient,
  RuleName: string,
  most: number,
  { endMs, periodSeconds, periods }: Timeline,
): Promise<ShownContributors["rows"] | undefined> {
  const spanSeconds = Math.ceil((periods * periodSeconds) / MINUTE_SECONDS) * MINUTE_SECONDS;
  try {
    const { Contributors = [] } = await client.send(
      new GetInsightRuleReportCommand({
        RuleName,
        StartTime: new Date(endMs - spanSeconds * 1000),
        EndTime: new Date(endMs),
        Period: spanSeconds,
        MaxContributorCount: most,
        OrderBy: "Sum",
      }),
    );
    return Contributors.map(({ Keys = [], ApproximateAggregateValue: value = 0 }) => ({ name: Keys.join(" "), value }));
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}
