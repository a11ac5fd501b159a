/** Campaigns as they are asked for and shown. */
import { z } from "@hono/zod-openapi";
import { CAMPAIGN_LABEL, CAMPAIGN_LABEL_FORM } from "../../../../core/campaigns/campaign.ts";

const instantSchema = z.iso.datetime({ offset: true });
const instant = z.iso.datetime();
const count = z.int().min(0);

export const campaignQuery = z.strictObject({
  from: instantSchema
    .optional()
    .openapi({ description: "Included; a day before `to` without one", format: "date-time" }),
  to: instantSchema.optional().openapi({ description: "Not included; now without one", format: "date-time" }),
});
export type CampaignQuery = z.infer<typeof campaignQuery>;

export const campaignParam = z.object({
  label: z
    .string()
    .regex(CAMPAIGN_LABEL, CAMPAIGN_LABEL_FORM)
    .openapi({
      param: { name: "label", in: "path" },
      description: "A registered label, or `other` for all that are not",
      example: "spring-sale",
    }),
});

const countsShape = {
  sent: count.meta({ description: "Versions of transactions that were called for the first time" }),
  delivered: count.meta({ description: "Confirmed, by the response to a call or by an acknowledgement" }),
  failed: count.meta({ description: "Given up" }),
  acknowledged: count.meta({ description: "Of the delivered, those that an acknowledgement confirmed" }),
};

const rangeShape = {
  from: instant.meta({ description: "As asked for, rounded down to a whole period" }),
  to: instant.meta({ description: "As asked for, rounded up to a whole period" }),
};

const CONSISTENCY = {
  consistency: z.literal("eventual").meta({ description: "Counts come within some minutes, and are kept for one" }),
};

export const campaignsSchema = z
  .strictObject({
    ...rangeShape,
    items: z
      .array(z.strictObject({ label: z.string(), ...countsShape }).openapi("CampaignTotals"))
      .meta({ description: "Each registered label, and `other` last; none where none is registered" }),
    ...CONSISTENCY,
  })
  .openapi("Campaigns");
export type CampaignsView = z.infer<typeof campaignsSchema>;

const pointSchema = z
  .strictObject({ at: instant.meta({ description: "When the period begins" }), ...countsShape })
  .openapi("CampaignPoint");

const channelSchema = z
  .strictObject({
    channel: z.string().meta({ description: "Kind of the channel", example: "webhook" }),
    ...countsShape,
    points: z.array(pointSchema).meta({ description: "Periods in which something was counted, oldest first" }),
  })
  .openapi("CampaignChannel");

export const campaignSchema = z
  .strictObject({
    label: z.string(),
    ...rangeShape,
    periodSeconds: z.int(),
    ...countsShape,
    channels: z.array(channelSchema),
    ...CONSISTENCY,
  })
  .openapi("Campaign");
export type CampaignView = z.infer<typeof campaignSchema>;
