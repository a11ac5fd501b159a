import { describe, expect, it } from "@jest/globals";
import { noteElsewhere, type SaidElsewhere } from "../../../core/aws/note-elsewhere.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { confirmedByOf } from "../../../core/transaction/row/confirmed-by.ts";
import { elsewhereOf, isOverlap } from "../../../core/transaction/row/elsewhere.ts";
import { changed, type Changes, listedRow, number, text } from "../../support/rows.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";

const AT = START_MS - 5000;
const DELIVERED = { kind: "delivered", status: 200 } as const;

const harness = (changes: Changes = {}): WorkerHarness => workerHarness(listedRow(START_MS, changes));
const row = (of: WorkerHarness) => of.table.row("t-1");
const calls = (of: WorkerHarness) => of.journal.filter((entry) => entry === "call").length;
const warned: unknown[] = [];
const say = (of: WorkerHarness, ...said: Partial<SaidElsewhere>[]) =>
  noteElsewhere(
    (said.length === 0 ? [{}] : said).map((one) => ({ transactionId: "t-1", version: 1, at: AT, ...one })),
    "cron",
    { table: of.table, settledDays: 90, nowMs: of.clock.now, warn: (...line) => warned.push(line) },
  );
const NOTED = { kind: "noted", isOverlap: false, merchantId: "m-1" };

describe("the old system's word that it confirmed a version", () => {
  it.each<[string, Changes]>([
    ["on its way", {}],
    ["parked", { confirmationState: text("SCHEDULED"), stateVersion: number(1), dueKey: text("M#m-1#0") }],
    [
      "given up",
      {
        confirmationState: text("FAILED"),
        stateVersion: number(1),
        failedKey: text("m-1#0"),
        failedAt: text("x#1"),
        failure: { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text("why") } },
      },
    ],
  ])("confirms one that is %s, which is called no more", async (_, changes) => {
    const of = harness(changes);
    expect(await say(of)).toEqual([NOTED]);
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED"), settledAt: number(of.clock.now()) });
    for (const name of ["dueKey", "dueAt", "waitingFor", "failure", "failedKey"])
      expect(row(of)).not.toHaveProperty(name);
    expect(confirmedByOf(row(of))).toEqual({ version: 1, by: "elsewhere" });
    expect(elsewhereOf(row(of))).toEqual({ version: 1, at: AT, notedAt: of.clock.now(), by: "cron" });
    await of.handle();
    await of.handle({ deadLettered: true });
    expect(calls(of)).toBe(0);
    expect(of.metrics).toContain(METRICS.duplicatesSuppressed);
  });

  it("is noted beside what is left to it, which stays what it is", async () => {
    const of = harness();
    of.merchant = { switches: [{ mode: "shadow" }] };
    await of.handle();
    expect(await say(of)).toEqual([NOTED]);
    expect(confirmedByOf(row(of))?.by).toBe("shadow");
    expect(elsewhereOf(row(of))?.at).toBe(AT);
  });

  it("is an overlap with what was delivered from here, and is told of", async () => {
    const of = harness();
    await of.handle();
    warned.length = 0;
    expect(await say(of)).toEqual([{ ...NOTED, isOverlap: true }]);
    expect(isOverlap(row(of))).toBe(true);
    expect(warned).toEqual([
      ["confirmed by both systems", { count: 1, transactions: [{ transactionId: "t-1", version: 1 }] }],
    ]);
  });

  it("that comes while its merchant is called from here is an overlap once that call has ended well", async () => {
    const of = harness();
    of.answer = async () => {
      expect(await say(of)).toEqual([NOTED]);
      return DELIVERED;
    };
    await of.handle();
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED"), attemptCount: number(1) });
    expect(confirmedByOf(row(of))).toBeUndefined();
    expect(isOverlap(row(of))).toBe(true);
    expect(of.metrics).toContain(METRICS.confirmed);
  });

  it("that comes while a call from here fails ends all further attempts", async () => {
    const of = harness();
    of.answer = async () => {
      await say(of);
      return { kind: "failed", class: "status_5xx", status: 503, error: "503" };
    };
    await of.handle();
    expect(confirmedByOf(row(of))?.by).toBe("elsewhere");
    of.clock.advance(301_000);
    await of.handle();
    expect(calls(of)).toBe(1);
  });

  it("stays as it was said first, and gets the same answer again", async () => {
    const of = harness();
    await say(of);
    const before = row(of);
    expect(await say(of, { at: AT + 1 })).toEqual([NOTED]);
    expect(row(of)).toEqual(before);
  });

  it("is of no effect for what is not there, another's, or older than there is", async () => {
    const of = harness({ version: number(2) });
    const results = await say(
      of,
      { transactionId: "t-0" },
      { version: 3 },
      { version: 1 },
      { version: 2, merchantId: "other" },
      { version: 2, merchantId: "m-1" },
    );
    expect(results.map(({ kind }) => kind)).toEqual(["unknown", "unknown", "superseded", "foreign", "noted"]);
  });

  it("may name a transaction twice at once", async () => {
    const of = harness();
    expect(await say(of, {}, { at: AT + 1 }, {})).toEqual([NOTED, NOTED, NOTED]);
    expect(elsewhereOf(row(of))?.at).toBe(AT);
  });

  it("says nothing of a higher version", async () => {
    const of = harness();
    await say(of);
    of.table.put(changed(row(of), { version: number(2) }));
    await of.handle({ version: 2 });
    expect(calls(of)).toBe(1);
    expect([confirmedByOf(row(of)), elsewhereOf(row(of)), isOverlap(row(of))]).toEqual([undefined, undefined, false]);
  });

  it("forgets the attempts of a version before", async () => {
    const of = harness();
    of.answer = () => ({ kind: "failed", class: "status_429", status: 429, error: "429", retryAfterSeconds: 9 });
    await of.handle();
    of.table.put(changed(row(of), { version: number(2) }));
    await say(of, { version: 2 });
    for (const name of ["attempts", "attemptCount"]) expect(row(of)).not.toHaveProperty(name);
  });

  it("is judged anew where the row is written to meanwhile, and not noted where the table takes nothing", async () => {
    const of = harness();
    let isFirst = true;
    of.table.fault = () => {
      if (!isFirst) return undefined;
      isFirst = false;
      return { kind: "condition failed" };
    };
    expect(await say(of)).toEqual([NOTED]);
    of.table.fault = () => ({ kind: "unavailable", error: "throttled" });
    of.table.put(listedRow(START_MS));
    expect(await say(of)).toEqual([{ kind: "unavailable", error: "throttled" }]);
  });

  it("leaves one whose content was changed to be looked at", async () => {
    const failure = { M: { code: text("content_changed"), fault: text("producer"), reason: text("why") } };
    const of = harness({ confirmationState: text("FAILED"), stateVersion: number(1), failure });
    expect(await say(of)).toEqual([NOTED]);
    expect(row(of)).toMatchObject({ confirmationState: text("FAILED"), failure });
  });
});
