import { describe, expect, it } from "@jest/globals";
import { CampaignCounts } from "../../../core/campaigns/campaign-counts.ts";
import { writeAccepted } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { StreamChange } from "../../../lambdas/stream-transactions/coalesce.ts";
import { processChanges } from "../../../lambdas/stream-transactions/process.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { MemoryQueue } from "../../support/memory-queue.ts";
import { MemoryTable } from "../../support/memory-table.ts";
import { changed, type Changes, contentIn, number, text, transactionRow } from "../../support/rows.ts";
import { UNTRACED_STREAM } from "../../support/untraced.ts";
import type { ProcessParts } from "../../../lambdas/stream-transactions/process-parts.ts";
import { NO_SANDBOX } from "../../support/no-sandbox.ts";

const first = transactionRow({ payload: { M: { name: text("Ada") } } });
const accepted = writeAccepted(1, contentIn(first));
const state = (name: string): Changes => ({ confirmationState: text(name), stateVersion: number(1) });
const confirmed = changed(first, { ...state("CONFIRMED"), accepted, merchantKey: text("m-1#2026-11-22#0") });
const other: Changes = { outcome: text("REJECTED"), amount: text("99.00") };
const givenUp = {
  ...state("FAILED"),
  failure: { M: { code: text("content_changed"), fault: text("producer") } },
  accepted,
};

function bench(row: AttributeMap, changes: Partial<ProcessParts> = {}) {
  const clock = new FakeClock();
  const table = new MemoryTable();
  const deadLetters = new MemoryQueue(clock.now);
  const confirmations = new MemoryQueue(clock.now);
  const metrics: Record<string, number> = {};
  const warnings: string[] = [];
  const parts: ProcessParts = {
    table,
    confirmations,
    ordered: new MemoryQueue(clock.now),
    deadLetters,
    sandboxMerchants: NO_SANDBOX,
    order: "transaction",
    settledDays: 90,
    decide: { dueShards: 1, merchantShards: 1, leaseMs: 900_000 },
    count: (metric, by) => {
      metrics[metric] = (metrics[metric] ?? 0) + by;
    },
    debug: () => undefined,
    warn: (message) => void warnings.push(message),
    now: clock.now,
    traces: UNTRACED_STREAM,
    ...changes,
  };
  table.rows.set("t-1", row);
  let position = 0;
  /** Hands on what changed since, as one batch. */
  const stream = (): Promise<string[]> => {
    const batch: StreamChange[] = table.changes
      .slice(position)
      .map((change, index) => ({ ...change, sequenceNumber: String(position + index) }));
    position = table.changes.length;
    return processChanges(batch, parts);
  };
  /** Until the stream has nothing more. */
  const streamAll = async (): Promise<void> => {
    for (let batches = 0; position < table.changes.length; batches += 1) {
      if (batches === 10) throw new Error("the stream feeds itself");
      await stream();
    }
  };
  const letters = () => deadLetters.messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  const update = (changesOfRow: Changes) => table.put(changed(table.row("t-1"), changesOfRow));
  return { table, confirmations, metrics, warnings, stream, streamAll, letters, update };
}

describe("a row with a label", () => {
  const labelled = changed(confirmed, { campaign: text("reminder") });

  it("counts as failed by it where its content is changed", async () => {
    const campaigns = new CampaignCounts(["reminder"]);
    const { update, streamAll, table } = bench(labelled, { campaigns });
    update(other);
    await streamAll();
    expect(table.row("t-1")).toMatchObject(givenUp);
    expect(campaigns.take("N", 0)).toMatchObject([{ campaign: "reminder", channel: "webhook", CampaignFailed: 1 }]);
  });

  it("counts as nothing in the sandbox", async () => {
    const campaigns = new CampaignCounts(["reminder"]);
    const sandboxMerchants = { among: async () => new Set(["m-1"]) };
    const { update, streamAll } = bench(labelled, { campaigns, sandboxMerchants });
    update(other);
    await streamAll();
    expect(campaigns.take("N", 0)).toEqual([]);
  });

  it("is as it was where its label alone is changed or taken away", async () => {
    for (const campaign of [text("autumn"), undefined]) {
      const { update, streamAll, table, letters } = bench(labelled);
      update({ campaign });
      await streamAll();
      expect(table.row("t-1")).toMatchObject(state("CONFIRMED"));
      expect(letters()).toEqual([]);
    }
  });
});

describe("a confirmed row", () => {
  it("of the sandbox is given up without a dead letter, and counts in the sandbox alone", async () => {
    const sandboxMerchants = { among: async () => new Set(["m-1"]) };
    const { update, streamAll, table, letters, metrics } = bench(confirmed, { sandboxMerchants });
    update(other);
    await streamAll();
    expect(table.row("t-1")).toMatchObject(givenUp);
    expect(letters()).toEqual([]);
    expect(metrics).toMatchObject({ [METRICS.sandboxGivenUp]: 1 });
    expect(metrics[METRICS.deadLetteredProducer] ?? 0).toBe(0);
  });

  it.each<[string, Changes]>([
    ["other content", other],
    ["another merchant", { merchantId: text("m-2") }],
    ["another payload alone", { payload: { M: { name: text("Eve") } } }],
  ])("that was updated with %s is given up, and keeps what was accepted", async (_, changes) => {
    const { update, streamAll, table, letters, metrics, warnings } = bench(confirmed);
    update(changes);
    await streamAll();
    expect(table.row("t-1")).toMatchObject({ ...givenUp, ...changes, merchantKey: text("m-1#2026-11-22#0") });
    expect(letters()).toMatchObject([{ transactionId: "t-1", version: 1, failure: { code: "content_changed" } }]);
    expect(metrics[METRICS.deadLetteredProducer]).toBe(1);
    expect(warnings).toEqual(["content changed"]);
  });

  it.each<[string, AttributeMap]>([
    ["other content", transactionRow(other)],
    [
      "another merchant, listed with that one",
      transactionRow({ merchantId: text("m-2"), merchantKey: text("m-2#2026-11-22#0") }),
    ],
  ])("that was put anew with %s is given up, under the merchant that accepted it", async (_, row) => {
    const { table, streamAll, letters, confirmations } = bench(confirmed);
    table.put(row);
    await streamAll();
    expect(table.row("t-1")).toMatchObject({ ...givenUp, merchantKey: text("m-1#2026-11-22#0") });
    expect(letters()).toHaveLength(1);
    expect(confirmations.messages).toEqual([]);
  });

  it("that was updated with its place in the merchant index comes back to the one that accepted it", async () => {
    const { update, streamAll, table } = bench(confirmed);
    update({ merchantId: text("m-2"), merchantKey: text("m-2#2026-11-22#0") });
    await streamAll();
    expect(table.row("t-1")).toMatchObject({ ...givenUp, merchantKey: text("m-1#2026-11-22#0") });
  });

  it.each<[string, AttributeMap]>([
    ["an identical put", first],
    ["a put in other words", changed(first, { amount: text("12.500"), occurredAt: text("2026-11-22T10:00:00.0Z") })],
    ["a put with other attributes", changed(first, { deliverBy: text("2027-01-01T00:00:00Z") })],
    ["an erased payload", changed(confirmed, { payload: undefined })],
    ["an erasure in part", changed(confirmed, { payload: { M: {} }, erasedAt: number(1) })],
  ])("stays so after %s", async (_, row) => {
    const { table, streamAll, letters } = bench(confirmed);
    table.put(row);
    await streamAll();
    expect(table.row("t-1")).toMatchObject({ ...state("CONFIRMED"), accepted });
    expect(letters()).toEqual([]);
  });

  it("is owed anew with a higher version, whatever that says", async () => {
    const { update, streamAll, table, letters, confirmations } = bench(confirmed);
    update({ ...other, version: number(2) });
    await streamAll();
    expect(table.row("t-1")).toMatchObject(state("CONFIRMED"));
    expect(letters()).toEqual([]);
    expect(confirmations.messages).toHaveLength(1);
  });

  it("of a program that kept no content stays so", async () => {
    const { table, streamAll, letters } = bench(changed(confirmed, { accepted: undefined }));
    table.put(transactionRow(other));
    await streamAll();
    expect(table.row("t-1")).toMatchObject(state("CONFIRMED"));
    expect(letters()).toEqual([]);
  });

  it("whose payload was changed before its record is given up with that record", async () => {
    const { update, stream, streamAll, table } = bench(first);
    update({ payload: { M: { name: text("Eve") } } });
    await stream();
    update({ ...state("CONFIRMED"), accepted });
    await streamAll();
    expect(table.row("t-1")).toMatchObject(givenUp);
  });

  it("that has its content back when the stream comes to it stays so", async () => {
    const { update, streamAll, table, letters } = bench(confirmed);
    update(other);
    update({ outcome: text("APPROVED"), amount: text("12.50") });
    await streamAll();
    expect(table.row("t-1")).toMatchObject(state("CONFIRMED"));
    expect(letters()).toEqual([]);
  });
});

describe("a row that was tried and not delivered", () => {
  const tried = changed(first, { ...state("SCHEDULED"), accepted, dueKey: text("T#0"), dueAt: number(5) });

  it("is given up too, since its merchant may have accepted it", async () => {
    const { update, streamAll, table, letters } = bench(tried);
    update(other);
    await streamAll();
    expect(table.row("t-1")).toMatchObject(givenUp);
    expect(table.row("t-1")).not.toHaveProperty("dueKey");
    expect(letters()).toHaveLength(1);
  });

  it("and has failed stays as it failed", async () => {
    const failed = { ...state("FAILED"), failure: { M: { code: text("attempts_exhausted") } } };
    const { table, streamAll, letters } = bench(changed(tried, { ...failed, dueKey: undefined, dueAt: undefined }));
    table.put(transactionRow(other));
    await streamAll();
    expect(table.row("t-1")).toMatchObject({ ...failed, accepted });
    expect(letters()).toEqual([]);
  });
});

describe("a change of content that cannot be dealt with now", () => {
  it("for the table's sake comes again with everything after it", async () => {
    const { update, stream, table } = bench(confirmed);
    update(other);
    table.isDown = true;
    expect(await stream()).toEqual(["0"]);
  });

  it("for the queue's sake is not recorded before its dead letter is there", async () => {
    const deadLetters = { send: async () => [{ error: "throttled", isRefused: false }] };
    const { update, stream, table } = bench(confirmed, { deadLetters });
    update(other);
    expect(await stream()).toEqual(["0"]);
    expect(table.row("t-1")).toMatchObject(state("CONFIRMED"));
  });

  it("since the row has changed once more is left to that change", async () => {
    const { update, stream, table } = bench(confirmed);
    update(other);
    table.fault = () => {
      table.fault = () => undefined;
      update({ outcome: text("APPROVED"), amount: text("12.50") });
      return undefined;
    };
    expect(await stream()).toEqual([]);
    expect(table.row("t-1")).toMatchObject(state("CONFIRMED"));
  });
});
