import { describe, expect, it } from "@jest/globals";
import type { ScanPage } from "../../../core/aws/scan-page.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { duePartitions } from "../../../core/transaction/row/due-partition.ts";
import {
  NO_TOTALS,
  sweepStep,
  type SweepParts,
  type SweepState,
} from "../../../lambdas/audit-transactions/sweep/sweep.ts";
import { FakeClock, START_MS } from "../../support/fake-clock.ts";
import { MemoryTable } from "../../support/memory-table.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { NO_SANDBOX } from "../../support/no-sandbox.ts";

const row = (id: string, changes: Changes = {}): AttributeMap =>
  transactionRow({ transactionId: text(id), merchantKey: text("m-1#2026-11-22#0"), ...changes });

function bench(rows: readonly AttributeMap[], changes: Partial<SweepParts> = {}) {
  const clock = new FakeClock();
  const table = new MemoryTable();
  const reported: string[] = [];
  for (const one of rows) table.rows.set(one["transactionId"]?.S ?? "", one);
  const all = [...table.rows.keys()];
  const parts: SweepParts = {
    scanned: "table",
    segment: 0,
    segments: 1,
    table,
    // Two rows a page, each page at 500 read units.
    scan: async ({ from }): Promise<ScanPage> => {
      const start = Number(from?.["at"]?.N ?? 0);
      const entries = all.slice(start, start + 2).map((id) => table.row(id));
      const next = start + 2 < all.length ? { next: { at: number(start + 2) } } : {};
      return { entries, examined: entries.length, readUnits: 500, ...next };
    },
    judging: {
      dueShards: 2,
      merchantShards: 1,
      partitionOf: duePartitions(2, 1),
      leaseMs: 900_000,
      toleranceMs: 1_800_000,
      lostAfterMs: 5_400_000,
      isQueueBehind: false,
      isStreamBehind: false,
    },
    settleMs: 30_000,
    sandboxMerchants: NO_SANDBOX,
    noteWaiting: async () => neverCalled("noteWaiting")(),
    now: clock.now,
    pause: clock.pause,
    warn: (message) => reported.push(message),
    ...changes,
  };
  const step = (state: SweepState = { totals: NO_TOTALS }) => sweepStep(state, parts);
  return { clock, table, told: reported, step };
}

describe("a step through the table", () => {
  it("puts back what is of the sandbox as well, and counts it apart, so that nobody is woken", async () => {
    const ofSandbox = { merchantId: text("dev"), auditedVersion: number(1) };
    const sandboxMerchants = { among: async () => new Set(["dev"]) };
    const rows = [row("a", ofSandbox), row("b", { auditedVersion: number(1) }), row("c", { merchantId: text("dev") })];
    const { step, table, told } = bench(rows, { sandboxMerchants });
    // As a program before the sandbox saved it.
    const { foundInSandbox: _, lostInSandbox: __, ...before } = NO_TOTALS;
    const first = await step({ totals: before as typeof NO_TOTALS });
    const { state } = await step(first.state);
    expect(state.totals).toMatchObject({ found: 1, lost: 1, foundInSandbox: 2, lostInSandbox: 1 });
    expect(["a", "b", "c"].map((id) => table.row(id)["dueKey"])).not.toContain(undefined);
    expect(told).toEqual(["transactions lost", "transactions found"]);
  });

  it("puts back what has no keys, after the stream had its time, and says how many", async () => {
    const {
      step,
      table,
      clock,
      told: reported,
    } = bench([row("a"), row("b", { dueKey: text("P#0"), dueAt: number(START_MS) })]);
    const { state, isDone } = await step();
    expect(isDone).toBe(true);
    expect(state.totals).toEqual({ ...NO_TOTALS, examined: 2, readUnits: 500, found: 1 });
    expect(table.row("a")).toMatchObject({ dueAt: number(START_MS + 30_000), auditedVersion: number(1) });
    expect(clock.pauses).toContain(30_000);
    expect(reported).toEqual(["transactions found"]);
  });

  it("does not count a row that the stream brought meanwhile", async () => {
    const { step, table } = bench([row("a")], {
      pause: async () => void table.rows.set("a", row("a", { dueKey: text("P#0"), dueAt: number(START_MS) })),
    });
    expect((await step()).state.totals).toMatchObject({ found: 0 });
  });

  it("does not count a row that was changed just before it was put back", async () => {
    const { step, table } = bench([row("a")]);
    table.fault = () => {
      table.rows.set("a", row("a", { confirmationState: text("CONFIRMED"), stateVersion: number(1) }));
      return undefined;
    };
    expect((await step()).state.totals).toMatchObject({ found: 0 });
    expect(table.row("a")).not.toHaveProperty("dueKey");
  });

  it("counts as lost what the table refuses for good", async () => {
    const { step, table, told: reported } = bench([row("a")]);
    table.fault = () => ({ kind: "rejected", error: "too large" });
    expect((await step()).state.totals).toMatchObject({ found: 1, lost: 1 });
    expect(reported).toEqual(["transactions lost", "transactions found"]);
  });

  it("fails, to be retried, while the table takes no writes", async () => {
    const { step, table } = bench([row("a")]);
    table.fault = () => ({ kind: "unavailable", error: "throttled" });
    await expect(step()).rejects.toMatchObject({ code: "AUDIT_STOPPED" });
  });

  it("reads no faster than it may, and ends after some seconds at a place to go on from", async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      row(`t-${index}`, {
        dueKey: text("P#0"),
        dueAt: number(START_MS),
        confirmationState: text("CONFIRMED"),
        stateVersion: number(1),
      }),
    );
    const { step, clock } = bench(many, { scanned: "index" });
    let { state, isDone } = await step();
    expect(isDone).toBe(false);
    expect(state.totals.examined).toBe(60);
    expect(clock.now() - START_MS).toBe(15_000);
    for (; !isDone;) ({ state, isDone } = await step(state));
    expect(state.totals).toMatchObject({ examined: 200, readUnits: 50_000, found: 0, repaired: 0 });
  });
});

describe("a step through the due index", () => {
  it("looks at suspicious rows only, without waiting for the stream", async () => {
    const overdue = row("late", { dueKey: text("T#0"), dueAt: number(1) });
    const { step, clock, table } = bench([overdue, row("fine", { dueKey: text("T#0"), dueAt: number(START_MS) })], {
      scanned: "index",
    });
    expect((await step()).state.totals).toMatchObject({ found: 1, lost: 1 });
    expect(clock.pauses).toEqual([]);
    expect(table.row("late")).toEqual(overdue);
  });

  it("notes anew what waits for a merchant, where the note was lost with its health row", async () => {
    const waiting = (id: string, dueKey: string) => row(id, { dueKey: text(dueKey), dueAt: number(START_MS + 1) });
    const asked: string[] = [];
    const { step, told: reported } = bench(
      [waiting("a", "M#shop#0"), waiting("b", "M#shop#0"), waiting("c", "M#a#b#0"), waiting("d", "T#0")],
      {
        scanned: "index",
        noteWaiting: async (merchantId) => {
          asked.push(merchantId);
          return merchantId === "shop";
        },
      },
    );
    expect((await step()).state.totals).toMatchObject({ found: 0, repaired: 1 });
    expect(asked).toEqual(["shop", "a#b"]);
    expect(reported).toEqual(["what waits for merchants was not noted"]);
  });

  it("takes terminal rows out of it", async () => {
    const terminal = { confirmationState: text("CONFIRMED"), stateVersion: number(1) };
    const { step, table } = bench([row("a", { ...terminal, dueKey: text("T#0"), dueAt: number(1) })], {
      scanned: "index",
    });
    expect((await step()).state.totals).toMatchObject({ found: 0, repaired: 1 });
    expect(table.row("a")).not.toHaveProperty("dueKey");
  });
});
