import { describe, expect, it } from "@jest/globals";
import { countAcknowledged } from "../../../core/aws/count-acknowledged.ts";
import type { RecordedAcknowledgement } from "../../../core/aws/record-acknowledgement.ts";
import { CampaignCounts } from "../../../core/campaigns/campaign-counts.ts";
import { METRICS } from "../../../core/settings/names.ts";

const NEW = { kind: "confirmed", isNew: true, at: 5, merchantId: "m-1" } as const;
const BOTH = { channel: "webhook", CampaignDelivered: 1, CampaignAcknowledged: 1 };

async function counted(recorded: RecordedAcknowledgement, campaigns?: CampaignCounts): Promise<readonly string[]> {
  const metrics: string[] = [];
  const record = countAcknowledged({
    record: async () => recorded,
    isSandbox: async (merchantId) => merchantId === "try",
    count: (metric) => metrics.push(metric),
    campaigns,
  });
  expect(await record({ transactionId: "t-1", version: 1, by: "callback" })).toBe(recorded);
  return metrics;
}

describe("what is acknowledged", () => {
  it.each<[string, RecordedAcknowledgement, readonly string[]]>([
    ["once", { kind: "confirmed", isNew: true, at: 5, merchantId: "m-1" }, [METRICS.acknowledged]],
    ["apart in the sandbox", { kind: "confirmed", isNew: true, at: 5, merchantId: "try" }, [METRICS.sandboxConfirmed]],
    ["as live where nobody knows whose it is", { kind: "confirmed", isNew: true, at: 5 }, [METRICS.acknowledged]],
    ["not again", { kind: "confirmed", isNew: false, at: 5 }, []],
    ["not where it was refused", { kind: "not sent" }, []],
  ])("is counted %s", async (_, recorded, metrics) => {
    expect(await counted(recorded)).toEqual(metrics);
  });

  it.each<[string, RecordedAcknowledgement, readonly object[]]>([
    ["by its label", { ...NEW, campaign: "reminder" }, [{ campaign: "reminder", ...BOTH }]],
    ["as other by one that is not registered", { ...NEW, campaign: "autumn" }, [{ campaign: "other", ...BOTH }]],
    ["by none without one", NEW, []],
    ["not again by its label", { ...NEW, isNew: false, campaign: "reminder" }, []],
    ["by no label in the sandbox", { ...NEW, merchantId: "try", campaign: "reminder" }, []],
  ])("is counted as delivered and acknowledged %s", async (_, recorded, documents) => {
    const campaigns = new CampaignCounts(["reminder"]);
    await counted(recorded, campaigns);
    expect(campaigns.take("N", 0).map(({ _aws, ...members }) => members)).toEqual(documents);
  });
});
