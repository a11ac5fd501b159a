/** What panels have to know of where the pipeline runs: names and sizes that differ from one deployment to the next. */
import type { CampaignSettings } from "../settings/campaign-metrics.ts";
import type { Settings } from "../settings/settings.ts";

export interface Place {
  readonly settings: Pick<Settings, "name" | "worker" | "insights" | "events" | "api"> & CampaignSettings;
  readonly cluster: string;
  readonly service: string;
  readonly natGateways: readonly string[];
  readonly functions: readonly { readonly name: string; readonly memoryMiB: number }[];
  /** With what the pipeline writes into them. */
  readonly logGroups: readonly string[];
}
