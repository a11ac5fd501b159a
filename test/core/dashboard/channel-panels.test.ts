import { describe, expect, it } from "@jest/globals";
import { METRICS } from "../../../core/settings/names.ts";
import { parseSettings, type SettingsInput } from "../../../core/settings/settings.ts";
import { channels } from "../../../core/dashboard/channel-panels.ts";
import { measuredIn } from "../../../core/dashboard/panel.ts";
import { EVERY_KIND } from "../../core/settings/every-kind.ts";

type Channels = SettingsInput["channels"];

function panelsWith(given: Channels) {
  const sections = channels({ settings: parseSettings(given === undefined ? {} : { channels: given }) });
  return sections.flatMap(({ panels }) => panels);
}

const every = panelsWith({ ...EVERY_KIND, kinds: [...EVERY_KIND.kinds] } as never);
const seriesOf = (id: string) => every.flatMap((panel) => (panel.id === id && "series" in panel ? panel.series : []));

describe("the panels of channels", () => {
  it("are none without channels", () => {
    expect(panelsWith(undefined)).toEqual([]);
  });

  it("have what was sent and what was not taken, by kind", () => {
    const kinds = ["Email", "SMS", "WhatsApp", "Queues", "Topics", "Event buses"];
    for (const id of ["channels-sent", "channels-failed"])
      expect(seriesOf(id).map(({ label }) => label)).toEqual(kinds);
    expect(seriesOf("channels-failed").flatMap(({ value }) => measuredIn(value))[0]).toMatchObject({
      name: METRICS.channelFailed,
      dimensions: { service: "confirmation-worker", kind: "email" },
    });
  });

  it("have what did not arrive, of the kinds that have receipts, and complaints", () => {
    expect(seriesOf("channels-undelivered").map(({ label }) => label)).toEqual([
      "Email",
      "SMS",
      "WhatsApp",
      "Complaints",
    ]);
    const queues = panelsWith({ kinds: ["sqs"], queueArns: [...EVERY_KIND.queueArns] });
    expect(queues.map(({ id }) => id)).toEqual(["channels-sent", "channels-failed", "channels-waiting"]);
  });

  it("fill their row", () => {
    for (const panels of [every, panelsWith({ kinds: ["sqs"], queueArns: [...EVERY_KIND.queueArns] })])
      expect(panels.reduce((sum, { columns }) => sum + columns, 0)).toBe(24);
  });
});
