/** Prints what a program has counted of labels; of a function at the end of each run. */
import { metricsEnvironment } from "../telemetry/environment.ts";
import type { CampaignCounts } from "./campaign-counts.ts";

/** @param campaigns undefined where no label is registered. @param now epoch milliseconds */
export function publishCampaigns(campaigns: CampaignCounts | undefined, now: number): void {
  if (campaigns === undefined) return;
  for (const document of campaigns.take(metricsEnvironment.read().namespace, now))
    process.stdout.write(`${JSON.stringify(document)}\n`);
}
