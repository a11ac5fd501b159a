import { describe, expect, it } from "@jest/globals";
import { channelBoundsEnvironment } from "../../../core/settings/channel-bounds-environment.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { channelBoundVariables } from "../../../lib/program/channels-environment.ts";

const queueArns = ["arn:aws:sqs:eu-west-1:123456789012:orders.fifo"];

describe("what the API is told of channels", () => {
  it("is nothing where the settings have no kind, and is read as none", () => {
    expect(channelBoundVariables(parseSettings({}))).toEqual({});
    expect(channelBoundsEnvironment.read({})).toMatchObject({ kinds: [], queueArns: [] });
  });

  it("is what the settings have", () => {
    const variables = channelBoundVariables(parseSettings({ channels: { kinds: ["sqs"], queueArns } }));
    expect(channelBoundsEnvironment.read(variables)).toEqual({
      kinds: ["sqs"],
      smsCountries: [],
      queueArns,
      topicArns: [],
      eventBusArns: [],
    });
  });
});
