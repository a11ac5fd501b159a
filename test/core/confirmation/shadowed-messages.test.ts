import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { buildWebhook } from "../../../core/delivery/webhook.ts";
import type { Switches } from "../../../core/merchant/modes.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { confirmedByOf } from "../../../core/transaction/row/confirmed-by.ts";
import { redeliveryMessage } from "../../../core/transaction/row/redelivery.ts";
import { markStatement } from "../../../core/aws/statements/redelivery.ts";
import { changed, type Changes, listedRow, number, text, transactionRow } from "../../support/rows.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { type BenchChanges, type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";

const OCCURRED_AT = Date.parse("2026-11-22T10:00:00Z");
const SHADOW: Switches = [{ mode: "shadow" }];
const LATER: Switches = [{ mode: "shadow" }, { mode: "live", from: OCCURRED_AT + 1 }];
const SINCE: Switches = [{ mode: "shadow" }, { mode: "live", from: OCCURRED_AT }];

function harness(switches: Switches, changes: Changes = {}, parts: BenchChanges = {}): WorkerHarness {
  const of = workerHarness(listedRow(START_MS, changes), parts);
  of.merchant = { switches };
  return of;
}

const row = (of: WorkerHarness) => of.table.row("t-1");
const calls = (of: WorkerHarness) => of.journal.filter((entry) => entry === "call").length;

function digest(changes: Changes = {}): string {
  const parsed = parseTransaction(transactionRow(changes));
  if ("faults" in parsed) throw new Error(parsed.faults.join());
  return createHash("sha256").update(buildWebhook(parsed.transaction).body).digest("base64url");
}

describe("a merchant in shadow", () => {
  it.each([
    ["from the beginning", SHADOW],
    ["for what occurred before it is live", LATER],
  ])(
    "%s is not called: its row is confirmed as the old system's, by the digest of what would be sent",
    async (_, all) => {
      const of = harness(all);
      await of.handle();
      expect(of.journal).toEqual(["record CONFIRMED: written", "delete"]);
      expect(row(of)).toMatchObject({
        confirmationState: text("CONFIRMED"),
        stateVersion: number(1),
        settledAt: number(of.clock.now()),
      });
      for (const name of ["dueKey", "dueAt", "attempts", "accepted", "failedKey"])
        expect(row(of)).not.toHaveProperty(name);
      expect(confirmedByOf(row(of))).toEqual({ version: 1, by: "shadow", bodyDigest: digest() });
      expect(of.metrics).toContain(METRICS.shadowed);
      for (const metric of [METRICS.confirmed, METRICS.delivered]) expect(of.metrics).not.toContain(metric);
      expect(of.healthTable.rows.size).toBe(0);
    },
  );

  it("is called for what occurred since it is live, and the row says nothing of another system", async () => {
    const of = harness(SINCE);
    await of.handle();
    expect(of.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
    expect(confirmedByOf(row(of))).toBeUndefined();
    expect(row(of)).not.toHaveProperty("confirmedBy");
  });

  it("says why it would not have been called, and nobody is told that it failed", async () => {
    const without = harness(SHADOW);
    without.merchant = { switches: SHADOW, confirmationUrl: undefined as never };
    await without.handle();
    expect(confirmedByOf(row(without))).toMatchObject({ by: "shadow", unsent: "url_missing" });
    const unverified = harness(SHADOW);
    unverified.merchant = { switches: SHADOW, owned: new Map() };
    await unverified.handle();
    expect(confirmedByOf(row(unverified))).toMatchObject({ unsent: "url unverified", bodyDigest: digest() });
    for (const one of [without, unverified]) expect(one.deadLetters.messages).toHaveLength(0);
  });

  it("is neither held back by a pause, nor by a time that is over", async () => {
    const of = harness(SHADOW, { deliverBy: text("2026-11-22T10:00:01Z") });
    of.healthTable.put("m-1", { pausedAt: 1 });
    await of.handle();
    expect(confirmedByOf(row(of))?.by).toBe("shadow");
  });

  it("has no step of its channels made", async () => {
    const of = harness(SHADOW);
    of.merchant = { switches: SHADOW, channels: [{ id: "web", kind: "webhook" }] };
    await of.handle();
    expect(calls(of)).toBe(0);
    expect(row(of)).not.toHaveProperty("steps");
    expect(confirmedByOf(row(of))).toEqual({ version: 1, by: "shadow", bodyDigest: digest() });
  });

  it("lets the group of an ordering key go on at once", async () => {
    const of = harness(SHADOW, { orderingKey: text("payment-1") }, { isOrdered: true });
    await of.handle();
    expect(of.journal).toEqual(["record CONFIRMED: written", "delete"]);
  });

  it("counts as done for what comes after it and is this pipeline's", async () => {
    const of = harness(SINCE, { orderingKey: text("payment-1"), orderingAfter: text("t-0") }, { isOrdered: true });
    const before = {
      transactionId: text("t-0"),
      orderingKey: text("payment-1"),
      occurredAt: text("2026-11-22T09:00:00Z"),
    };
    of.table.put(listedRow(START_MS, before));
    await of.handle();
    expect(confirmedByOf(of.table.row("t-0"))?.by).toBe("shadow");
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED") });
    expect(row(of)).not.toHaveProperty("confirmedBy");
    expect(calls(of)).toBe(1);
  });

  it("drops further messages of the row, whatever they are", async () => {
    const of = harness(SHADOW);
    await of.handle();
    of.clock.advance(301_000);
    await of.handle();
    await of.handle({ deadLettered: true });
    expect(calls(of)).toBe(0);
    expect(of.metrics).toContain(METRICS.duplicatesSuppressed);
  });

  it("begins nothing while the task ends", async () => {
    const of = harness(SHADOW);
    of.isStopping = true;
    await of.handle();
    expect(row(of)).not.toHaveProperty("confirmationState");
  });

  it("is looked at anew where its content is put anew meanwhile", async () => {
    const of = harness(SHADOW);
    let isFirst = true;
    of.table.fault = () => {
      if (isFirst) of.table.put(changed(row(of), { amount: text("13.00") }));
      isFirst = false;
      return undefined;
    };
    await of.handle();
    expect(row(of)).not.toHaveProperty("confirmationState");
    of.clock.advance(301_000);
    await of.handle();
    expect(confirmedByOf(row(of))).toMatchObject({ bodyDigest: digest({ amount: text("13.00") }) });
  });

  it("is said in little by a row that takes no more", async () => {
    const of = harness(SHADOW);
    of.table.fault = ({ text: statement }) =>
      statement.includes("settledAt") ? { kind: "rejected", error: "Item size has exceeded" } : undefined;
    await of.handle();
    expect(confirmedByOf(row(of))).toEqual({ version: 1, by: "shadow" });
  });

  it("is sent by this pipeline where a job sends it again", async () => {
    const of = harness(SHADOW);
    await of.handle();
    const mark = { jobId: "job-1", generation: 1, markedAt: of.clock.now() };
    await of.table.write([markStatement("Transactions", row(of), mark)]);
    await of.handle(redeliveryMessage(row(of), mark));
    expect(calls(of)).toBe(1);
    expect(row(of)).toMatchObject({ redelivery: { M: { result: text("delivered") } } });
    expect(confirmedByOf(row(of))?.by).toBe("shadow");
  });
});

describe("who owns a version", () => {
  it("is pinned when it is first handled: it stays this pipeline's, whatever becomes of the switches", async () => {
    const of = harness(SINCE);
    of.answer = () => ({ kind: "failed", class: "status_429", status: 429, error: "429", retryAfterSeconds: 60 });
    await of.handle();
    expect(row(of)).toMatchObject({ pinnedMode: { M: { version: number(1), mode: text("live") } } });
    of.merchant = { switches: SHADOW };
    of.answer = () => ({ kind: "delivered", status: 200 });
    of.table.put(changed(row(of), { confirmationState: text("PENDING"), releaseNumber: number(1) }));
    await of.handle({ release: 1 });
    expect(calls(of)).toBe(2);
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED") });
    expect(row(of)).not.toHaveProperty("confirmedBy");
  });

  it("is pinned without an attempt too, where its merchant keeps it back", async () => {
    const of = harness(SINCE);
    of.healthTable.put("m-1", { pausedAt: 1 });
    await of.handle();
    expect(row(of)).toMatchObject({ waitingFor: text("paused"), pinnedMode: { M: { mode: text("live") } } });
    of.merchant = { switches: SHADOW };
    of.healthTable.resume("m-1");
    of.clock.advance(10_000);
    of.table.put(changed(row(of), { confirmationState: text("PENDING"), releaseNumber: number(1) }));
    await of.handle({ release: 1 });
    expect(calls(of)).toBe(1);
  });

  it("is this pipeline's where an attempt was made before its merchant had switches", async () => {
    const of = workerHarness(listedRow(START_MS));
    of.answer = () => ({ kind: "failed", class: "status_429", status: 429, error: "429", retryAfterSeconds: 60 });
    await of.handle();
    expect(row(of)).not.toHaveProperty("pinnedMode");
    of.merchant = { switches: SHADOW };
    of.answer = () => ({ kind: "delivered", status: 200 });
    of.table.put(changed(row(of), { confirmationState: text("PENDING"), releaseNumber: number(1) }));
    await of.handle({ release: 1 });
    expect(calls(of)).toBe(2);
  });

  it("is asked anew for a higher version", async () => {
    const of = harness(SHADOW);
    await of.handle();
    of.merchant = { switches: SINCE };
    of.table.put(changed(row(of), { version: number(2), purgeAt: undefined }));
    await of.handle({ version: 2 });
    expect(calls(of)).toBe(1);
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED"), stateVersion: number(2) });
    expect(confirmedByOf(row(of))).toBeUndefined();
  });

  it("writes nothing on rows of a merchant without switches", async () => {
    const of = workerHarness(listedRow(START_MS));
    of.answer = () => ({ kind: "failed", class: "status_429", status: 429, error: "429", retryAfterSeconds: 60 });
    await of.handle();
    for (const { text: statement } of of.table.written) expect(statement).not.toMatch(/pinnedMode|confirmedBy/);
  });
});
