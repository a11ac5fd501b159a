import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { METRICS } from "../../../core/settings/names.ts";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { EVERY_KIND } from "../../core/settings/every-kind.ts";
import { synthesize } from "../synthesized-stack.ts";
import { type AlarmRow, alarmRows } from "./alarm-rows.ts";

const CHANNELS: SettingsInput = { channels: { ...EVERY_KIND, kinds: [...EVERY_KIND.kinds] } as never };
const queues: SettingsInput = { channels: { kinds: ["sqs"], queueArns: [...EVERY_KIND.queueArns] } };

/** Those that a stack has for its channels, but those that each function has. */
function ofChannels(settings: SettingsInput): readonly AlarmRow[] {
  const others = new Set(alarmRows(synthesize({ delivery: settings.delivery }).template).map(({ id }) => id));
  return alarmRows(synthesize(settings).template).filter(
    ({ id }) => !others.has(id) && !id.startsWith("ReceiveReceipts"),
  );
}

describe("the alarms of channels", () => {
  it("are tickets: what waits, what bounces, what costs too much, and receipts that are not recorded", () => {
    const rows = ofChannels(CHANNELS);
    expect(rows.map(({ id, when, told }) => `${id}: ${when}, ${told}`).toSorted()).toEqual([
      "ChannelsHeldBack: > 0 in 6 of 6 × 300 s, ticket",
      "MailsBounce: > 2.5 in 1 of 1 × 21600 s, ticket",
      "MailsComplainedOf: > 0.05 in 1 of 1 × 21600 s, ticket",
      "ReceiptsUnrecorded: > 0 in 1 of 1 × 60 s, ticket",
      "SmsOverCap: > 0 in 1 of 1 × 60 s, ticket",
    ]);
  });

  it("are those of the kinds that the settings have", () => {
    expect(ofChannels(queues).map(({ id }) => id)).toEqual(["ChannelsHeldBack"]);
    expect(ofChannels({})).toEqual([]);
  });

  it("are those alone of which small-account mode publishes something", () => {
    const rows = ofChannels({ ...CHANNELS, delivery: { mode: "lambda" } });
    expect(rows.map(({ id }) => id).toSorted()).toEqual(["ReceiptsUnrecorded", "SmsOverCap"]);
  });

  it("take mails that did not arrive for a share of those that were sent, once those are no handful", () => {
    synthesize(CHANNELS).template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: "IF(sent >= 100, 100 * FILL(part, 0) / sent, 0)" }),
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: Match.objectLike({
              MetricName: METRICS.undelivered,
              Dimensions: Match.arrayWith([{ Name: "kind", Value: "email" }]),
            }),
          }),
        }),
      ]),
    });
  });

  it("have what receipts confirm beside what the worker confirms", () => {
    const expressions = alarmRows(synthesize(CHANNELS).template).filter(({ of }) => of.includes("byReceipt"));
    expect(expressions).toHaveLength(6);
    for (const { of } of expressions)
      expect(of).toContain("confirmed + FILL(acknowledged, 0) + FILL(byReceipt, 0)), 0)");
  });
});
