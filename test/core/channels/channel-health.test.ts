import { describe, expect, it } from "@jest/globals";
import type { Channel } from "../../../core/channels/channel.ts";
import { channelHealthId, channelsAskedAbout } from "../../../core/channels/channel-health.ts";
import { whyReserved } from "../../../core/merchant/reserved-ids.ts";

const web: Channel = { id: "web", kind: "webhook" };
const bus: Channel = {
  id: "bus",
  kind: "eventbridge",
  eventBusArn: "arn:aws:events:eu-west-1:123456789012:event-bus/partners",
  when: { health: { channel: "web", is: "open" } },
};

describe("the health of a channel", () => {
  it("is the merchant's own for its webhook, and its own else, under an id that no merchant can have", () => {
    expect(channelHealthId("m-1", web)).toBe("m-1");
    expect(channelHealthId("m-1", bus)).toBe("channel bus of m-1");
    expect(whyReserved(channelHealthId("m-1", bus))).toBeDefined();
  });

  it("is asked for where a condition names it, and nowhere else", () => {
    expect(channelsAskedAbout([bus, web])).toEqual([web]);
    expect(channelsAskedAbout([web])).toEqual([]);
  });
});
