/** A merchant's channels for a person, and the choice between them. */
import type { components } from "../api/api-types.ts";
import { pairs, table } from "./output.ts";

type Merchant = components["schemas"]["Merchant"];
type Channel = NonNullable<Merchant["channels"]>[number];
type Explanation = components["schemas"]["ChannelExplanation"];

export function channelsText({
  plan,
  channels,
}: {
  readonly plan?: string;
  readonly channels: readonly Channel[];
}): string {
  if (channels.length === 0) return "No channels: its webhook is all that it has.";
  const rows = channels.map((channel) => [channel.id, channel.kind, destinationOf(channel), conditionsOf(channel)]);
  return `plan  ${plan ?? "fallback"}\n\n${table(["channel", "kind", "to", "when"], rows)}`;
}

function destinationOf(channel: Channel): string {
  switch (channel.kind) {
    case "webhook":
      return channel.url ?? "the merchant's own URL";
    case "sqs":
      return channel.queueUrl;
    case "sns":
      return channel.topicArn;
    case "eventbridge":
      return channel.eventBusArn;
    default:
      return `${channel.to}, template ${channel.template}`;
  }
}

function conditionsOf({ when = {} }: Channel): string {
  const { amount, currencies, outcomes, hours, health, consent } = when;
  const said = [
    amount?.min === undefined ? undefined : `amount from ${amount.min}`,
    amount?.max === undefined ? undefined : `amount to ${amount.max}`,
    currencies?.join(", "),
    outcomes?.join(", "),
    hours &&
      `${hours.from} to ${hours.to} ${hours.zone}${hours.days === undefined ? "" : ` on ${hours.days.join(" ")}`}`,
    health && `circuit of ${health.channel} ${health.is}`,
    consent && `consent ${consent.given ? "given" : "withdrawn"} ${consent.at.slice(0, 10)}, by ${consent.by}`,
  ].filter((one) => one !== undefined);
  return said.length === 0 ? "always" : said.join("; ");
}

export function explanationText({ kind, why, until, channels }: Explanation): string {
  const choice = { use: "sent by", wait: "waits", none: "sent by none" }[kind];
  const rows = channels.map((channel) => [channel.id, channel.kind, channel.state, channel.why]);
  return `${pairs({ [choice]: why, until })}\n\n${table(["channel", "kind", "state", "why"], rows)}`;
}
