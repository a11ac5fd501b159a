import { describe, expect, it } from "@jest/globals";
import { campaignOf } from "../../../core/campaigns/campaign.ts";
import { CampaignCounts, campaignCounts } from "../../../core/campaigns/campaign-counts.ts";
import { number, text, transactionRow } from "../../support/rows.ts";

const NOW = 1_795_341_600_000;
const counts = () => new CampaignCounts(["spring-sale", "reminder"]);
const labelled = (label: string) => transactionRow({ campaign: text(label) });

describe("the label of a row", () => {
  it("is counted by name where it is registered, and as other where it is not", () => {
    const of = counts();
    expect(of.labelOf(labelled("reminder"))).toBe("reminder");
    for (const label of ["autumn", "", "Reminder", "x".repeat(5000), "other"])
      expect(of.labelOf(labelled(label))).toBe("other");
  });

  it("is none where there is none, or something else than a text", () => {
    expect(counts().labelOf(transactionRow())).toBeUndefined();
    for (const campaign of [number(7), { BOOL: true }, { M: {} }])
      expect(campaignOf(transactionRow({ campaign }))).toBeUndefined();
  });

  it("is looked for by nobody where none is registered", () => {
    expect(campaignCounts([])).toBeUndefined();
  });
});

describe("what is counted of labels", () => {
  it("comes as metrics by label and kind of channel, without the program, and once", () => {
    const of = counts();
    of.count("reminder", "sent");
    of.count("reminder", "sent");
    of.count("reminder", "delivered");
    of.count("other", "failed", "email");
    const metric = (Name: string) => ({ Name, Unit: "Count" });
    const about = (...Metrics: object[]) => ({
      Timestamp: NOW,
      CloudWatchMetrics: [{ Namespace: "N", Dimensions: [["campaign", "channel"]], Metrics }],
    });
    expect(of.take("N", NOW)).toEqual([
      {
        _aws: about(metric("CampaignSent"), metric("CampaignDelivered")),
        campaign: "reminder",
        channel: "webhook",
        CampaignSent: 2,
        CampaignDelivered: 1,
      },
      { _aws: about(metric("CampaignFailed")), campaign: "other", channel: "email", CampaignFailed: 1 },
    ]);
    expect(of.take("N", NOW)).toEqual([]);
  });

  it("is at most four metrics for each label and other, whatever labels rows have", () => {
    const of = counts();
    for (let row = 0; row < 500; row += 1)
      for (const step of ["sent", "delivered", "failed", "acknowledged"] as const)
        of.count(of.labelOf(labelled(row % 3 === 0 ? "spring-sale" : `made-up-${row}`)) ?? "", step);
    const documents = of.take("N", NOW);
    expect(documents.map((document) => document["campaign"])).toEqual(["spring-sale", "other"]);
    expect(documents.flatMap(({ _aws }) => _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics))).toHaveLength(8);
  });
});
