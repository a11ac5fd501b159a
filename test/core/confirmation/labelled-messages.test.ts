import { describe, expect, it } from "@jest/globals";
import { CampaignCounts } from "../../../core/campaigns/campaign-counts.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { changedFields, contentOf } from "../../../core/transaction/accepted.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { buildWebhook } from "../../../core/delivery/webhook.ts";
import { changed, type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";

const failing: AttemptOutcome = { kind: "failed", class: "status_5xx", status: 500, error: "500" };
/** Two attempts are over, and this is the last. */
const LAST: Changes = {
  confirmationState: text("PENDING"),
  stateVersion: number(1),
  attemptCount: number(2),
  releaseNumber: number(0),
};
const LABEL = { campaign: text("spring-sale") };

function bench(changes: Changes = LABEL) {
  const campaigns = new CampaignCounts(["spring-sale"]);
  const harness = workerHarness(transactionRow(changes), { telemetry: { campaigns } });
  return { harness, taken: () => campaigns.take("N", 0).map(({ _aws, ...members }) => members) };
}

/** The message that waits in the queue for its next attempt. */
async function again(harness: WorkerHarness): Promise<void> {
  harness.clock.advance(60_000);
  await harness.confirmation.handle(await harness.receive());
}

describe("a message of a transaction with a label", () => {
  it("counts as sent and delivered where its merchant takes it", async () => {
    const { harness, taken } = bench();
    await harness.handle();
    expect(taken()).toEqual([{ campaign: "spring-sale", channel: "webhook", CampaignSent: 1, CampaignDelivered: 1 }]);
  });

  it("counts as sent once, however often it is called", async () => {
    const { harness, taken } = bench();
    harness.answer = () => failing;
    await harness.handle();
    harness.answer = () => ({ kind: "delivered", status: 200 });
    await again(harness);
    expect(taken()).toEqual([{ campaign: "spring-sale", channel: "webhook", CampaignSent: 1, CampaignDelivered: 1 }]);
  });

  it("counts as failed where it is given up", async () => {
    const { harness, taken } = bench({ ...LABEL, ...LAST });
    harness.answer = () => failing;
    await harness.handle();
    expect(taken()).toEqual([{ campaign: "spring-sale", channel: "webhook", CampaignFailed: 1 }]);
  });

  it("counts as failed and not as sent where it is given up before a call", async () => {
    const { harness, taken } = bench({ ...LABEL, amount: text("much") });
    await harness.handle();
    expect(taken()).toEqual([{ campaign: "spring-sale", channel: "webhook", CampaignFailed: 1 }]);
  });

  it("counts as other where its label is not registered", async () => {
    const { harness, taken } = bench({ campaign: text("autumn") });
    await harness.handle();
    expect(taken()).toMatchObject([{ campaign: "other" }]);
  });

  it("counts as sent alone while its merchant, which answered 202, has not acknowledged it", async () => {
    const { harness, taken } = bench();
    harness.merchant = { acknowledgement: { withinSeconds: 60 } };
    harness.answer = () => ({ kind: "delivered", status: 202 });
    await harness.handle();
    expect(taken()).toEqual([{ campaign: "spring-sale", channel: "webhook", CampaignSent: 1 }]);
  });

  it("counts by its own label where it goes before the one that names it", async () => {
    const campaigns = new CampaignCounts(["spring-sale"]);
    const key = { orderingKey: text("k") };
    const behind = transactionRow({ ...key, orderingAfter: text("t-0"), campaign: text("autumn") });
    const harness = workerHarness(behind, { isOrdered: true, telemetry: { campaigns } });
    harness.table.put(transactionRow({ transactionId: text("t-0"), ...key, ...LABEL }));
    await harness.handle();
    expect(campaigns.take("N", 0)).toMatchObject([
      { campaign: "spring-sale", CampaignSent: 1, CampaignDelivered: 1 },
      { campaign: "other", CampaignSent: 1, CampaignDelivered: 1 },
    ]);
  });

  it("counts as nothing of a merchant of the sandbox", async () => {
    for (const changes of [LABEL, { ...LABEL, ...LAST }, { ...LABEL, amount: text("much") }]) {
      const { harness, taken } = bench(changes);
      harness.merchant = { environment: "sandbox" };
      harness.answer = () => failing;
      await harness.handle();
      expect(taken()).toEqual([]);
    }
  });

  it("counts as nothing where it has none, and where no label is registered", async () => {
    const { harness, taken } = bench({});
    await harness.handle();
    expect(taken()).toEqual([]);
    const without = workerHarness(transactionRow(LABEL));
    await without.handle();
    expect(without.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED") });
  });

  it("is delivered whatever its label is", async () => {
    for (const campaign of [text("No label!"), number(7), { M: {} }]) {
      const { harness } = bench({ campaign });
      await harness.handle();
      expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED") });
    }
  });
});

describe("the label of a transaction", () => {
  const parsed = (changes: Changes) => {
    const result = parseTransaction(transactionRow(changes));
    if ("faults" in result) throw new Error(result.faults.join("\n"));
    return result.transaction;
  };

  it("is in no webhook of either form", () => {
    for (const version of [1, 2] as const)
      expect(buildWebhook(parsed(LABEL), version).body).toBe(buildWebhook(parsed({}), version).body);
  });

  it("is no part of what its merchant accepted: another one is no change of content", async () => {
    const accepted = contentOf(parsed(LABEL));
    for (const changes of [{}, { campaign: text("autumn") }])
      expect(changedFields(transactionRow(changes), accepted, false)).toEqual([]);
    const { harness } = bench();
    harness.answer = () => failing;
    await harness.handle();
    harness.table.put(changed(harness.table.row("t-1"), { campaign: text("autumn") }));
    harness.answer = () => ({ kind: "delivered", status: 200 });
    await again(harness);
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED") });
  });
});
