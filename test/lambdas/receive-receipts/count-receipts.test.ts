import { describe, expect, it } from "@jest/globals";
import type { RecordedReceipt } from "../../../core/aws/record-receipt.ts";
import { CampaignCounts } from "../../../core/campaigns/campaign-counts.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { type CountedReceipt, countReceipt } from "../../../lambdas/receive-receipts/count-receipts.ts";

const CONFIRMED = { kind: "recorded", isConfirmed: true, merchantId: "m-1", campaign: "reminder" } as const;
const NOTED = { ...CONFIRMED, isConfirmed: false } as const;
const { receiptsRecorded, confirmed, sandboxConfirmed, undelivered } = METRICS;

async function counted(recorded: RecordedReceipt & { kind: "recorded" }, more: Partial<CountedReceipt> = {}) {
  const campaigns = new CampaignCounts(["reminder"]);
  const metrics: string[] = [];
  await countReceipt(
    {
      count: (metric) => metrics.push(metric),
      countConfirmed: (metric) => metrics.push(metric),
      countPart: (metric, dimension, part) => metrics.push(`${metric} of ${dimension} ${part}`),
      isSandbox: async (merchantId) => merchantId === "try",
      campaigns,
    },
    { channel: "email", isDelivered: true, recorded, ...more },
  );
  return { metrics, labels: campaigns.take("N", 0).map(({ _aws, ...members }) => members) };
}

describe("a receipt that was recorded", () => {
  it("counts what it confirmed, under the kind of channel that sent it", async () => {
    expect(await counted(CONFIRMED, { channel: "sms" })).toEqual({
      metrics: [receiptsRecorded, confirmed],
      labels: [{ campaign: "reminder", channel: "sms", CampaignDelivered: 1 }],
    });
  });

  it("counts as other by a label that is not registered, and by none without one", async () => {
    const { labels } = await counted({ ...CONFIRMED, campaign: "autumn" });
    expect(labels).toEqual([{ campaign: "other", channel: "email", CampaignDelivered: 1 }]);
    expect((await counted({ ...CONFIRMED, campaign: undefined })).labels).toEqual([]);
  });

  it("leaves to the worker what it only notes", async () => {
    expect(await counted(NOTED)).toEqual({ metrics: [receiptsRecorded], labels: [] });
  });

  it("counts what did not arrive, by kind of channel", async () => {
    const metrics = [receiptsRecorded, undelivered, `${undelivered} of kind whatsapp`];
    expect(await counted(NOTED, { channel: "whatsapp", isDelivered: false })).toEqual({ metrics, labels: [] });
  });

  it("counts apart in the sandbox, and by no label", async () => {
    const metrics = [receiptsRecorded, sandboxConfirmed];
    expect(await counted({ ...CONFIRMED, merchantId: "try" })).toEqual({ metrics, labels: [] });
  });
});
