import { describe, expect, it } from "@jest/globals";
import { recordAcknowledgement } from "../../../core/aws/record-acknowledgement.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { numberOf } from "../../../core/transaction/attribute-value.ts";
import { acknowledgementOf } from "../../../core/transaction/row/acknowledgement.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { changed, type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { type BenchChanges, LEASE_MS, type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";

const LATER: AttemptOutcome = { kind: "delivered", status: 202 };

function harness(changes: Changes = {}, parts: BenchChanges = {}): WorkerHarness {
  const of = workerHarness(transactionRow(changes), parts);
  of.merchant = { acknowledgement: { withinSeconds: 60 } };
  of.answer = () => LATER;
  return of;
}

const row = (of: WorkerHarness) => of.table.row("t-1");
const calls = (of: WorkerHarness) => of.journal.filter((entry) => entry === "call").length;

/** As `release-due` does at the time that the row says. */
async function released(of: WorkerHarness): Promise<void> {
  of.clock.advance(Math.max(0, (numberOf(row(of)["dueAt"]) ?? 0) - of.clock.now()));
  const release = (numberOf(row(of)["releaseNumber"]) ?? 0) + 1;
  of.table.put(changed(row(of), { confirmationState: text("PENDING"), releaseNumber: number(release) }));
  await of.handle({ release });
}

const acknowledge = (of: WorkerHarness, version = 1, merchantId = "m-1") =>
  recordAcknowledgement(
    { table: of.table, settledDays: 90, nowMs: of.clock.now, pause: async (ms) => of.clock.advance(ms) },
    { transactionId: "t-1", version, merchantId, by: "callback" },
  );

describe("a merchant that acknowledges later", () => {
  it("is called once and not again while it has time, whatever message comes", async () => {
    const of = harness();
    await of.handle();
    expect(of.journal).toEqual(["call", "record SCHEDULED: written", "delete"]);
    expect(row(of)).toMatchObject({
      confirmationState: text("SCHEDULED"),
      waitingFor: text("acknowledgement"),
      attemptCount: number(1),
      dueAt: number(of.clock.now() + 60_000),
    });
    of.clock.advance(301_000);
    await of.handle();
    expect(calls(of)).toBe(1);
    expect(of.metrics).toContain(METRICS.staleReleases);
    expect(of.troubles.take()).toEqual([]);
  });

  it("confirms what it acknowledges, which leaves every index", async () => {
    const of = harness();
    await of.handle();
    const at = of.clock.now();
    expect(await acknowledge(of)).toEqual({ kind: "confirmed", isNew: true, at, merchantId: "m-1" });
    const after = row(of);
    expect(after).toMatchObject({ confirmationState: text("CONFIRMED"), settledAt: number(at) });
    for (const name of ["dueKey", "dueAt", "waitingFor", "giveUpAt"]) expect(after).not.toHaveProperty(name);
    expect(acknowledgementOf(after)).toEqual({ version: 1, at, by: "callback" });
  });

  it("may say so twice, and is told the same", async () => {
    const of = harness();
    await of.handle();
    const first = await acknowledge(of);
    of.clock.advance(5000);
    expect(await acknowledge(of)).toEqual({ ...first, isNew: false });
    expect(of.table.written).toHaveLength(2);
  });

  it("that does not in time has a failed attempt, no failing circuit, and is called again by schedule", async () => {
    const of = harness();
    await of.handle();
    await released(of);
    expect(calls(of)).toBe(1);
    expect(row(of)).toMatchObject({ confirmationState: text("SCHEDULED"), attemptCount: number(1) });
    expect(row(of)).not.toHaveProperty("waitingFor");
    expect(of.metrics).toContain(METRICS.unacknowledged);
    expect(of.metrics).not.toContain(METRICS.attemptFailed);
    expect(of.healthTable.rows.size).toBe(0);
    await released(of);
    expect(calls(of)).toBe(2);
    expect(row(of)).toMatchObject({ waitingFor: text("acknowledgement"), attemptCount: number(2) });
  });

  it("that never does is given up after its schedule, and confirms it still when it is late", async () => {
    const of = harness();
    await of.handle();
    for (let step = 0; step < 5; step += 1) await released(of);
    expect(calls(of)).toBe(3);
    expect(row(of)).toMatchObject({
      confirmationState: text("FAILED"),
      failedKey: text("m-1#0"),
      failure: { M: { code: text("unacknowledged"), fault: text("merchant") } },
    });
    expect(of.deadLetters.messages).toHaveLength(1);
    expect(await acknowledge(of)).toMatchObject({ kind: "confirmed", isNew: true });
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED"), attemptCount: number(3) });
    for (const name of ["failure", "failedKey", "failedAt"]) expect(row(of)).not.toHaveProperty(name);
    const release = numberOf(row(of)["releaseNumber"]) ?? 0;
    await of.handle({ release, deadLettered: true });
    expect(calls(of)).toBe(3);
  });

  it("that is late makes what is on its way stale", async () => {
    const of = harness();
    await of.handle();
    await released(of);
    await acknowledge(of);
    of.clock.advance(301_000);
    await of.handle({ release: 1 });
    expect(calls(of)).toBe(1);
    expect(of.metrics).toContain(METRICS.duplicatesSuppressed);
  });

  it.each<[string, AttemptOutcome, string]>([
    ["fails", { kind: "failed", class: "status_4xx", status: 404, error: "404" }, "record SCHEDULED: condition failed"],
    ["is answered with 202 once more", LATER, "record SCHEDULED: condition failed"],
    ["is delivered", { kind: "delivered", status: 200 }, "record CONFIRMED: condition failed"],
  ])("keeps what it acknowledged while a call in flight %s", async (_, outcome, recorded) => {
    const of = harness();
    await of.handle();
    await released(of);
    let after = {};
    of.answer = async () => {
      await acknowledge(of);
      after = row(of);
      return outcome;
    };
    await released(of);
    expect(of.journal).toContain(recorded);
    expect(row(of)).toEqual(after);
    expect(of.queue.messages).toHaveLength(0);
    expect(of.deadLetters.messages).toHaveLength(0);
  });

  it("has its whole time after its last attempt, and beyond the time to give up", async () => {
    const of = harness({}, { settings: { deliverWithinMs: 5000 } });
    await of.handle();
    expect(row(of)).toMatchObject({ dueAt: number(of.clock.now() + 60_000) });
    await released(of);
    expect(row(of)).toMatchObject({
      confirmationState: text("FAILED"),
      failure: { M: { code: text("unacknowledged") } },
    });
    expect(calls(of)).toBe(1);
  });

  it("is not needed where it answers with another 2xx, and 202 is a delivery without the option", async () => {
    const of = harness();
    of.answer = () => ({ kind: "delivered", status: 200 });
    await of.handle();
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED") });
    const plain = workerHarness();
    plain.answer = () => LATER;
    await plain.handle();
    expect(plain.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
    expect(plain.table.row("t-1")).not.toHaveProperty("waitingFor");
  });

  it("whose 202 never became a whole response has failed, as with any status", async () => {
    const of = harness();
    of.answer = () => ({ kind: "failed", class: "timeout", status: 202, error: "the response was not whole in time" });
    await of.handle();
    expect(row(of)["waitingFor"]).toBeUndefined();
    expect(row(of)["attempts"]?.L?.map(({ M }) => M?.["outcome"])).toEqual([text("timeout")]);
  });

  it("that wants no more at its URL has it disabled, and is waited for all the same", async () => {
    const of = harness();
    of.answer = () => ({ ...LATER, disablesUrl: true });
    await of.handle();
    expect(of.warnings).toContain("url disabled");
    expect(row(of)).toMatchObject({ waitingFor: text("acknowledgement") });
  });

  it("is called again, under the same id, where the worker dies before its 202 is recorded", async () => {
    const ids: string[] = [];
    const keys = { dueKey: text("P#0"), dueAt: number(START_MS + LEASE_MS), merchantKey: text("m-1#2026-11-22#0") };
    const of = harness(keys, { merchants: { call: async ({ webhook }) => (ids.push(webhook.id), LATER) } });
    of.isStopped = true;
    of.table.fault = () => ({ kind: "unavailable", error: "the task ends first" });
    await of.handle();
    of.isStopped = false;
    of.table.fault = () => undefined;
    of.clock.advance(3_600_000);
    await of.confirmation.handle(await of.receive());
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    expect(row(of)).toMatchObject({ waitingFor: text("acknowledgement"), attemptCount: number(1) });
  });

  it("is too early before its call was recorded, and taken within moments", async () => {
    const of = harness();
    const before = of.clock.now();
    expect(await acknowledge(of)).toEqual({ kind: "not sent" });
    // Whoever acknowledges what is not sent must hold no execution for long.
    expect(of.clock.now() - before).toBe(100);
    const given = { transactionId: "t-1", version: 1, merchantId: "m-1", by: "callback" };
    const parts = { table: of.table, settledDays: 90, nowMs: of.clock.now, pause: () => of.handle() };
    expect(await recordAcknowledgement(parts, given)).toMatchObject({ kind: "confirmed", isNew: true });
  });

  it("acknowledges the version that it got, and no other", async () => {
    const of = harness();
    await of.handle();
    of.table.put(changed(row(of), { version: number(2) }));
    expect(await acknowledge(of)).toEqual({ kind: "superseded" });
    expect(await acknowledge(of, 2)).toEqual({ kind: "not sent" });
    expect(await acknowledge(of, 1, "m-2")).toEqual({ kind: "unknown" });
  });

  it("is judged anew where somebody writes to the row meanwhile", async () => {
    const of = harness();
    await of.handle();
    let isWritten = false;
    of.table.fault = () => {
      if (isWritten) return undefined;
      isWritten = true;
      of.table.rows.set("t-1", changed(row(of), { amount: text("99.00") }));
      return undefined;
    };
    expect(await acknowledge(of)).toEqual({ kind: "changed" });
    expect(row(of)).toMatchObject({ confirmationState: text("SCHEDULED") });
  });

  it("confirms a row that takes no more than that", async () => {
    const of = harness();
    await of.handle();
    let refusals = 1;
    of.table.fault = () => ((refusals -= 1) >= 0 ? { kind: "rejected", error: "too large" } : undefined);
    expect(await acknowledge(of)).toMatchObject({ kind: "confirmed", isNew: true });
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED") });
    of.table.put(transactionRow({ confirmationState: text("PENDING"), stateVersion: number(1) }));
  });

  it("is told that nothing was recorded where nothing was", async () => {
    const of = harness();
    await of.handle();
    of.table.fault = () => ({ kind: "unavailable", error: "throttled" });
    await expect(acknowledge(of)).rejects.toMatchObject({ code: "ACKNOWLEDGEMENT_UNRECORDED" });
  });
});

describe("in order, a merchant that acknowledges later", () => {
  const ordered = () => harness({ orderingKey: text("k") }, { isOrdered: true });
  const again = async (of: WorkerHarness) => of.confirmation.handle(await of.receive());

  it("holds its group, which is looked at without a write and let go as soon as it acknowledged", async () => {
    const of = ordered();
    await of.handle();
    expect(of.journal).toEqual(["call", "record PENDING: written", "visible in 2 s"]);
    expect(row(of)).toMatchObject({ waitingFor: text("acknowledgement"), nextTryAt: number(of.clock.now() + 60_000) });
    of.clock.advance(2000);
    await again(of);
    expect(of.journal.slice(3)).toEqual(["visible in 2 s"]);
    await acknowledge(of);
    of.clock.advance(2000);
    await again(of);
    expect(of.queue.messages).toHaveLength(0);
    expect(calls(of)).toBe(1);
  });

  it("holds it no longer than its schedule with its time for each attempt", async () => {
    const of = ordered();
    await of.handle();
    for (let look = 0; look < 1000 && of.queue.messages.length > 0; look += 1) {
      of.clock.advance(2000);
      const [received] = of.queue.messages;
      if (received !== undefined) await again(of).catch(() => undefined);
    }
    expect(calls(of)).toBe(3);
    expect(row(of)).toMatchObject({ failure: { M: { code: text("unacknowledged") } } });
  });
});
