/** Runs from their start to their conclusion, with the clock and the store in a test's hand. */
import { describe, expect, it } from "@jest/globals";
import type { Kind, PartMessage } from "../../../core/audit/audit-run.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { conclude } from "../../../lambdas/audit-transactions/runs/conclude.ts";
import { lookAt } from "../../../lambdas/audit-transactions/runs/due-looks.ts";
import { partsFor } from "../../../lambdas/audit-transactions/runs/parts-for.ts";
import { type Planned, planDue, planManifests, planNow } from "../../../lambdas/audit-transactions/runs/plan-runs.ts";
import { FakeClock, START_MS } from "../../support/fake-clock.ts";
import { MemoryRuns } from "./memory-runs.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TIMES = { manifestAfterMs: 6 * HOUR_MS, manifestAgainAfterMs: 5 * DAY_MS };

function bench(partCount = 2) {
  const clock = new FakeClock();
  const store = new MemoryRuns();
  const sent: PartMessage[] = [];
  const published: Record<string, number>[] = [];
  const parts = {
    ...TIMES,
    store,
    send: async (messages: readonly PartMessage[]) => void sent.push(...messages),
    partsFor: async (kind: Kind) => (kind === "table" ? partCount : 1),
    tableEveryMs: DAY_MS,
    now: clock.now,
    publish: (metrics: Readonly<Record<string, number>>) => void published.push({ ...metrics }),
    log: () => undefined,
    warn: () => undefined,
  };
  /** Works all parts of a kind's run to their end. */
  const finish = async (kind: Kind, totals: Readonly<Record<string, number>>): Promise<void> => {
    const run = store.runs.get(kind);
    for (let part = 0; part < (run?.parts ?? 0); part += 1) store.done(run?.runId ?? "", part, totals, clock.now());
    await conclude(kind, run?.runId ?? "", parts);
  };
  return { clock, store, sent, published, parts, finish };
}

const started = (planned: readonly Planned[]) => planned.filter(({ is }) => is === "started").map(({ kind }) => kind);

describe("the schedule", () => {
  it("starts the index each time, the table when it is due, and the newest day that is over", async () => {
    const { parts, clock, finish, store, sent } = bench();
    expect(started(await planDue(parts))).toEqual(["table", "manifests", "index"]);
    expect(sent.filter(({ kind }) => kind === "table").map(({ part }) => part)).toEqual([0, 1]);
    expect(store.runs.get("manifests")).toMatchObject({ day: "2026-11-21", look: 1 });
    for (const kind of ["table", "manifests", "index"] as const) await finish(kind, {});
    clock.advance(HOUR_MS);
    expect(started(await planDue(parts))).toEqual(["index"]);
    await finish("index", {});
    clock.advance(23 * HOUR_MS);
    expect(started(await planDue(parts))).toEqual(["table", "manifests", "index"]);
  });

  it("starts nothing twice, and sends parts again that nobody has worked on for a while", async () => {
    const { parts, clock, sent, store } = bench();
    await planNow("table", undefined, parts);
    sent.length = 0;
    clock.advance(5 * 60_000);
    expect(await planNow("table", undefined, parts)).toMatchObject({ is: "under way", parts: 2 });
    expect(sent).toEqual([]);
    await store.save(store.runs.get("table")?.runId ?? "", 0, {
      step: 1,
      isDone: false,
      savedAt: clock.now(),
      state: "{}",
    });
    clock.advance(5 * 60_000);
    await planDue(parts);
    expect(sent.filter(({ kind }) => kind === "table").map(({ part }) => part)).toEqual([1]);
  });

  it("leaves a run to another planner that was faster", async () => {
    const { parts, sent } = bench();
    const store = {
      current: async () => undefined,
      start: async () => false,
      progress: async () => undefined,
    };
    expect(await planNow("index", undefined, { ...parts, store })).toMatchObject({ is: "under way" });
    expect(sent).toEqual([]);
  });
});

describe("manifests", () => {
  it("of a day are looked at when it is over for some hours, and again when all of it is terminal", () => {
    const looks = [5, 6, 119, 120].map((hours) => lookAt("2026-11-21", Date.UTC(2026, 10, 22, hours), TIMES));
    expect(looks).toEqual([0, 1, 1, 2]);
  });

  it("are caught up with day by day after a time without audits, one after the other", async () => {
    const { parts, clock, finish, store } = bench();
    await planManifests(parts);
    await finish("manifests", {});
    clock.advance(7 * DAY_MS);
    const days: unknown[] = [];
    for (let planned = await planManifests(parts); planned.is === "started"; planned = await planManifests(parts)) {
      const { day, look } = store.runs.get("manifests") ?? {};
      days.push([day?.slice(-2), look]);
      await finish("manifests", {});
    }
    expect(days).toEqual([
      ["21", 2],
      ["22", 2],
      ["23", 2],
      ["24", 1],
      ["25", 1],
      ["26", 1],
      ["27", 1],
      ["28", 1],
    ]);
  });

  it("that somebody wants before their time are written at their time as well", async () => {
    const { parts, finish, store, clock } = bench();
    clock.advance(-6 * HOUR_MS);
    await planNow("manifests", "2026-11-21", parts);
    await finish("manifests", {});
    expect(await planManifests(parts)).toMatchObject({ is: "not due" });
    clock.advance(6 * HOUR_MS);
    expect(await planManifests(parts)).toMatchObject({ is: "started" });
    expect(store.runs.get("manifests")).toMatchObject({ day: "2026-11-21", look: 1 });
  });
});

describe("the last part of a run", () => {
  it("publishes the totals of all, once", async () => {
    const { parts, store, published } = bench(3);
    await planNow("table", undefined, parts);
    const { runId = "" } = store.runs.get("table") ?? {};
    for (const part of [2, 0]) {
      store.done(runId, part, { found: 1, lost: 1, repaired: part, postponed: 0 });
      expect(await conclude("table", runId, parts)).toBe(false);
    }
    store.done(runId, 1, { found: 0, lost: 1, repaired: 5, postponed: 4 });
    expect(await conclude("table", runId, parts)).toBe(true);
    expect(await conclude("table", runId, parts)).toBe(false);
    expect(published).toEqual([
      { [METRICS.found]: 2, [METRICS.auditRepaired]: 7, [METRICS.auditPostponed]: 4, [METRICS.lost]: 3 },
    ]);
  });

  it("says 0 when nothing is lost", async () => {
    const { parts, finish, published } = bench();
    await planDue(parts);
    await finish("index", { found: 0, lost: 0 });
    expect(published.at(-1)).toMatchObject({ [METRICS.lost]: 0, [METRICS.found]: 0 });
  });

  it("goes on saying what the table has lost, until an audit of the table says otherwise", async () => {
    const { parts, finish, published, clock } = bench(1);
    await planDue(parts);
    await finish("table", { found: 2, lost: 2 });
    await finish("index", { found: 1, lost: 1 });
    expect(published.at(-1)).toMatchObject({ [METRICS.lost]: 3 });
    clock.advance(DAY_MS);
    await planDue(parts);
    await finish("index", { found: 0, lost: 0 });
    expect(published.at(-1)).toMatchObject({ [METRICS.lost]: 2 });
    await finish("table", { found: 0, lost: 0 });
    expect(published.at(-1)).toMatchObject({ [METRICS.lost]: 0 });
  });

  it("says nothing of what is lost while the table or the manifests are behind", async () => {
    const { parts, finish, published, clock } = bench();
    await planDue(parts);
    await finish("index", {});
    clock.advance(2 * DAY_MS + 1);
    await planNow("index", undefined, parts);
    await finish("index", { lost: 0 });
    expect(published.at(-1)).not.toHaveProperty(METRICS.lost);
    await finish("table", {});
    await planNow("index", undefined, parts);
    await finish("index", { lost: 0 });
    expect(published.at(-1)).not.toHaveProperty(METRICS.lost);
    await finish("manifests", {});
    while ((await planManifests(parts)).is === "started") await finish("manifests", {});
    await planNow("index", undefined, parts);
    await finish("index", { lost: 0 });
    expect(published.at(-1)).toMatchObject({ [METRICS.lost]: 0 });
  });

  it("does not conclude another run", async () => {
    const { parts, store } = bench();
    await planNow("index", undefined, parts);
    store.done("an older one", 0, {});
    expect(await conclude("index", "an older one", parts)).toBe(false);
    expect(store.runs.get("index")?.startedAt).toBe(START_MS);
  });
});

describe("a run", () => {
  it("has as many parts as its work takes, and as the settings allow", async () => {
    const size = (bytes: number, dueIndexBytes: number) => async () => ({ items: 120, bytes, dueIndexBytes });
    const count = partsFor(32, { transactions: size(25e9, 0), merchants: size(0, 0) });
    expect([await count("table"), await count("index"), await count("manifests")]).toEqual([3, 1, 3]);
    expect(await partsFor(32, { transactions: size(15.5e12, 1), merchants: size(0, 0) })("table")).toBe(32);
  });
});
