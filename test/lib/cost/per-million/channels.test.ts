import { describe, expect, it } from "@jest/globals";
import { parseSettings, type SettingsInput } from "../../../../core/settings/settings.ts";
import { channelCosts, type PricedKind } from "../../../../lib/cost/per-million/channels.ts";
import { EVERY_KIND } from "../../../core/settings/every-kind.ts";

const costs = (channels: NonNullable<SettingsInput["channels"]>) => channelCosts(parseSettings({ channels }));
const every = costs({ ...EVERY_KIND, kinds: [...EVERY_KIND.kinds] } as never);
const usdOf = (kind: PricedKind, item: string) => every[kind]?.items.find((one) => one.item === item)?.usd;

describe("what a million messages by a channel cost", () => {
  it("is nothing without channels, and is told of the kinds that the settings have", () => {
    expect(channelCosts(parseSettings({}))).toEqual({});
    expect(Object.keys(every)).toEqual(["email", "sms", "sqs", "sns", "eventbridge"]);
  });

  it("is what the services take, of SMS at most what the settings let one cost", () => {
    expect(usdOf("email", "Email")).toBe(100);
    expect(usdOf("sms", "SMS")).toBe(100_000);
    expect(usdOf("sqs", "Queues")).toBe(0.5);
    expect(usdOf("sns", "Topics")).toBe(0.5);
    expect(usdOf("eventbridge", "Event buses")).toBe(1);
  });

  it("is another price of standard queues and of FIFO topics", () => {
    const [topicArns, queueArns] = [["arn:aws:sns:eu-west-1:123456789012:orders.fifo"], EVERY_KIND.queueArns];
    expect(costs({ kinds: ["sns"], topicArns })["sns"]?.usd).toBe(0.317);
    expect(costs({ kinds: ["sqs"], queueArns: [queueArns[0].replace(".fifo", "")] })["sqs"]?.usd).toBe(0.4);
  });

  it("has two records and a receipt more where a message is named before it is sent, and else none", () => {
    for (const kind of ["email", "sms"] as const) expect(usdOf(kind, "Table writes")).toBe(2.5);
    expect(every.sqs?.items).toHaveLength(1);
  });
});
