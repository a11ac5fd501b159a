/**
 * A merchant's channels as its row keeps them: `channels`, a list (L) of maps (M) with the members of `Channel`, and
 * `plan` (S). A row without `channels` is asked for nothing more.
 */
import { z } from "zod";
import { type Channel, CHANNEL_PLANS, type ChannelPlan } from "../channels/channel.ts";
import { channelListSchema, channelSchema, consentSchema } from "../channels/channel-schema.ts";
import { type AttributeMap, type AttributeValue, numberOf } from "../transaction/attribute-value.ts";

export interface MerchantChannels {
  /** In the order of the plan; one at least. @default the webhook of the merchant, and nothing else */
  readonly channels?: readonly Channel[];
  /** @default fallback */
  readonly plan?: ChannelPlan;
}

let schema: ReturnType<typeof rowSchema> | undefined;

/** Made on first use: most programs never meet a row with channels. */
function rowSchema() {
  return z.strictObject({
    channels: channelListSchema(channelSchema(consentSchema)),
    plan: z.enum(CHANNEL_PLANS).optional(),
  });
}

/**
 * @param row of a merchant, with `channels`
 * @param faults gets each fault with its place, such as `channels/0/to: expected …`
 */
export function readChannels({ channels, plan }: AttributeMap, faults: string[]): MerchantChannels {
  const given = { channels: plainOf(channels), ...(plan !== undefined && { plan: plainOf(plan) }) };
  schema ??= rowSchema();
  const parsed = schema.safeParse(given);
  // As `undefined` is nowhere a value of JSON, no member is there without one.
  if (parsed.success) return parsed.data as MerchantChannels;
  for (const { path, message } of parsed.error.issues) faults.push(`${path.join("/")}: ${message}`);
  return {};
}

export function channelsOf(attribute: AttributeValue): readonly Channel[] | undefined {
  return readChannels({ channels: attribute }, []).channels;
}

export function planOf({ S: plan }: AttributeValue): ChannelPlan | undefined {
  return CHANNEL_PLANS.find((known) => known === plan);
}

export function channelsAttribute(channels: readonly Channel[]): AttributeValue {
  return attributeOf(channels);
}

export function isSameChannels(one: MerchantChannels, other: MerchantChannels): boolean {
  if (one.channels === undefined || other.channels === undefined) return one.channels === other.channels;
  return one.plan === other.plan && JSON.stringify(one.channels) === JSON.stringify(other.channels);
}

/** Of the forms that JSON has; what has none is `undefined`, which no schema takes. */
function plainOf(attribute: AttributeValue | undefined): unknown {
  if (attribute?.S !== undefined) return attribute.S;
  if (attribute?.N !== undefined) return numberOf(attribute);
  if (attribute?.BOOL !== undefined) return attribute.BOOL;
  if (attribute?.L !== undefined) return attribute.L.map(plainOf);
  if (attribute?.M === undefined) return undefined;
  return Object.fromEntries(Object.entries(attribute.M).map(([name, value]) => [name, plainOf(value)]));
}

function attributeOf(value: unknown): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(attributeOf) };
  const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
  return { M: Object.fromEntries(members.map(([name, member]) => [name, attributeOf(member)])) };
}
