/** Labels of transactions of which it is counted what became of them. */
import { z } from "zod";
import { CAMPAIGN_LABEL, CAMPAIGN_LABEL_FORM, MOST_CAMPAIGNS, OTHER_CAMPAIGN } from "../../campaigns/campaign.ts";
import { settingTexts } from "../setting.ts";

export const campaignsSetting = z
  .array(
    z
      .string()
      .regex(CAMPAIGN_LABEL, CAMPAIGN_LABEL_FORM)
      .refine(
        (label) => label !== OTHER_CAMPAIGN,
        `expected another label than ${OTHER_CAMPAIGN}, which counts the rest`,
      ),
  )
  .max(MOST_CAMPAIGNS)
  .refine((labels) => new Set(labels).size === labels.length, "expected labels that differ; name each once")
  .default([])
  .register(settingTexts, {
    description:
      "Labels that are counted by name: what was sent, delivered, failed and acknowledged of the transactions that " +
      "have them as `campaign`. All other labels count as `other`. Each label is four metrics for each kind of " +
      "channel, and so is `other`: $1.20 a month while it is counted. In small-account mode " +
      "`lambda.campaignMetrics` has to ask for them too.",
    range: `a list of at most ${MOST_CAMPAIGNS} labels, each 1 to 32 of a-z, 0-9 and -, from a letter on`,
    byDefault: "none: no label is looked at, and there are no such metrics",
    see: { "using/campaigns.md": "campaigns" },
  });
