/** Channels of a merchant, as the API takes and shows them: times are ISO 8601, where rows have milliseconds. */
import { z } from "@hono/zod-openapi";
import { type Channel, CHANNEL_PLANS } from "../../../../../core/channels/channel.ts";
import { channelListSchema, channelSchema, MAX_BY } from "../../../../../core/channels/channel-schema.ts";

const given = z.boolean().meta({ description: "False where it was withdrawn: nothing is sent there then" });

const newConsentSchema = z
  .strictObject({
    given,
    at: z.iso.datetime({ offset: true }).optional().meta({ description: "When; now where nothing is said" }),
    by: z
      .string()
      .min(1)
      .max(MAX_BY)
      .refine((value) => value.isWellFormed(), "expected well-formed Unicode")
      .optional()
      .meta({ description: "Who recorded it; whose token it is where nothing is said", example: "onboarding" }),
  })
  .meta({ description: "SMS and WhatsApp are used with a consent alone. A withdrawal stays until one is given" });

const consentViewSchema = z.strictObject({ given, at: z.iso.datetime(), by: z.string() });

const LIST =
  "In the order in which they are used; without them, the webhook alone. A patch has all of them: RFC 7396 knows no " +
  "part of a list";

export const newChannelsSchema = channelListSchema(channelSchema(newConsentSchema)).meta({ description: LIST });
export const channelsViewSchema = z.array(channelSchema(consentViewSchema)).meta({ description: LIST });
export const planSchema = z.enum(CHANNEL_PLANS).meta({
  description:
    "`fallback`, where nothing is said: the next channel where one failed. `all`: one after the other, and each must " +
    "deliver",
});

export type NewChannels = z.infer<typeof newChannelsSchema>;
export type ChannelsView = z.infer<typeof channelsViewSchema>;

export function channelsView(channels: readonly Channel[]): ChannelsView {
  return channels.map(({ when, ...channel }) => {
    const { consent, ...conditions } = when ?? {};
    const shown = consent && { ...consent, at: new Date(consent.at).toISOString() };
    return { ...channel, ...(when !== undefined && { when: { ...conditions, ...(shown && { consent: shown }) } }) };
  }) as ChannelsView;
}
