/**
 * What became of transactions with a label: each step by label, and by kind of channel where there is more than one.
 */
import { OTHER_CAMPAIGN, type CampaignStep } from "../campaigns/campaign.ts";
import { CAMPAIGN_DIMENSIONS, CAMPAIGN_METRICS } from "../campaigns/campaign-counts.ts";
import { countedCampaigns, countedChannels } from "../settings/campaign-metrics.ts";
import { METRICS_NAMESPACE } from "../settings/names.ts";
import { sumOf } from "./metrics.ts";
import type { ChartPanel, Measured, Section, Tone } from "./panel.ts";
import type { Place } from "./place.ts";

const STEPS: readonly { readonly step: CampaignStep; readonly title: string; readonly help: string }[] = [
  { step: "sent", title: "Sent", help: "Versions of transactions that were called for the first time" },
  {
    step: "delivered",
    title: "Delivered",
    help: "Confirmed, by the response to a call, an acknowledgement or a receipt",
  },
  { step: "failed", title: "Failed", help: "Given up, whosever fault it was" },
  { step: "acknowledged", title: "Acknowledged", help: "Of the delivered, those that an acknowledgement confirmed" },
];
const TONES: readonly Tone[] = ["blue", "orange", "green", "purple", "sky", "red", "yellow"];
/** Four panels in a row. */
const COLUMNS = 6;

/** None where no label is counted. */
export function campaigns({ settings }: Pick<Place, "settings">): readonly Section[] {
  const registered = countedCampaigns(settings);
  if (registered.length === 0) return [];
  const labels = [...registered, OTHER_CAMPAIGN];
  const channels = countedChannels(settings);
  const byLabel = STEPS.map(({ step, title, help }) =>
    panelOf(`campaign-${step}`, title, `${help}, by campaign.`, labels, (label) =>
      channels.map((channel) => counted(step, label, channel)),
    ),
  );
  const byChannel = STEPS.map(({ step, title, help }) =>
    panelOf(`channel-${step}`, `${title} by channel`, `${help}, by kind of channel.`, channels, (channel) =>
      labels.map((label) => counted(step, label, channel)),
    ),
  );
  return [{ title: "Campaigns", panels: channels.length > 1 ? [...byLabel, ...byChannel] : byLabel }];
}

function panelOf(
  id: string,
  title: string,
  help: string,
  names: readonly string[],
  metricsOf: (name: string) => readonly Measured[],
): ChartPanel {
  const series = names.map((label, index) => ({
    label,
    value: sumOf(metricsOf(label)),
    tone: label === OTHER_CAMPAIGN ? ("grey" as const) : (TONES[index % TONES.length] ?? "blue"),
  }));
  return { kind: "areas", id, title, help, columns: COLUMNS, unit: "count", series };
}

function counted(step: CampaignStep, label: string, channel: string): Measured {
  return {
    namespace: METRICS_NAMESPACE,
    name: CAMPAIGN_METRICS[step],
    dimensions: { [CAMPAIGN_DIMENSIONS.label]: label, [CAMPAIGN_DIMENSIONS.channel]: channel },
    statistic: "Sum",
  };
}
