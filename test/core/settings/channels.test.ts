import { describe, expect, it } from "@jest/globals";
import { channelsEnvironment, readChannels } from "../../../core/settings/channels-environment.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { channelVariables } from "../../../lib/program/channels-environment.ts";
import { EVERY_KIND } from "./every-kind.ts";

function faultsOf(channels: object): string {
  try {
    parseSettings({ channels });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("the settings of channels", () => {
  it("are taken with all kinds", () => {
    expect(parseSettings({ channels: EVERY_KIND }).channels).toMatchObject(EVERY_KIND);
  });

  it("name all that kinds miss, together", () => {
    const faults = faultsOf({ kinds: EVERY_KIND.kinds });
    for (const path of [
      "emailFrom",
      "sms.countries",
      "sms.originationIdentity",
      "sms.maximumMonthlyUsd",
      "whatsapp.phoneNumberId",
      "queueArns",
      "topicArns",
      "eventBusArns",
    ])
      expect(faults).toContain(`settings.channels.${path}: expected`);
  });

  it.each([
    ["an address of no identity", { emailFrom: "a@other.example" }, "channels.emailIdentityArns"],
    ["a domain that only ends alike", { emailFrom: "a@notacme.example" }, "channels.emailIdentityArns"],
    ["a queue's URL", { queueArns: ["https://sqs.eu-west-1.amazonaws.com/123456789012/orders"] }, "queueArns.0"],
    ["any queue", { queueArns: ["arn:aws:sqs:eu-west-1:123456789012:*"] }, "queueArns.0"],
    ["any topic", { topicArns: ["arn:aws:sns:eu-west-1:123456789012:*"] }, "topicArns.0"],
    ["any bus", { eventBusArns: ["arn:aws:events:eu-west-1:123456789012:event-bus/*"] }, "eventBusArns.0"],
    ["a kind twice", { kinds: ["sms", "sms"] }, "channels.kinds"],
    ["a webhook as a kind", { kinds: ["webhook"] }, "channels.kinds.0"],
    ["a country in small letters", { sms: { ...EVERY_KIND.sms, countries: ["mx"] } }, "sms.countries.0"],
    ["a month for less than a message", { sms: { ...EVERY_KIND.sms, maximumMonthlyUsd: 0.05 } }, "maximumMonthlyUsd"],
  ])("refuse %s", (_, changed, path) => {
    expect(faultsOf({ ...EVERY_KIND, ...changed })).toContain(path);
  });
});

describe("the environment of channels", () => {
  it("has no variable where no kind is configured, and is read as no channels", () => {
    expect(channelVariables(parseSettings({}))).toStrictEqual({});
    expect(readChannels({})).toBeUndefined();
  });

  it("has every variable else, and is read as it was written", () => {
    const written = channelVariables(parseSettings({ channels: EVERY_KIND, name: "acme" }));
    expect(Object.keys(written).toSorted()).toStrictEqual([...channelsEnvironment.allNames].toSorted());
    expect(readChannels(written)).toStrictEqual({
      kinds: EVERY_KIND.kinds,
      configurationSet: "acme-confirmation-receipts",
      emailFrom: EVERY_KIND.emailFrom,
      sms: { ...EVERY_KIND.sms, maximumPriceUsd: 0.1 },
      whatsapp: EVERY_KIND.whatsapp,
      onUncertain: "send again",
      receiptWithinMs: 300_000,
    });
  });
});
