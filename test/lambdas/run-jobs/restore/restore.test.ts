import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { JournalEntry } from "../../../../core/journal/journal-entry.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { stateOf } from "../../../../core/transaction/row/row-state.ts";
import { changed, number, text } from "../../../support/rows.ts";
import { patienceMs } from "../../../support/machine-speed.ts";
import { acceptedIn, confirmedRow, failedRow, pendingRow } from "../../../core/restore/restore-rows.ts";
import { type RestoreWorld, restoreWorld } from "./restore-world.ts";

let world: RestoreWorld;
beforeAll(async () => {
  world = await restoreWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await world.clear();
}, patienceMs(60_000));

const PATIENCE = patienceMs(120_000);
const named = (id: string) => ({ transactionId: text(id) });
const pending = (id: string, more: object = {}) => pendingRow({ ...named(id), ...more });
const confirmed = (id: string, more: object = {}) => confirmedRow(Date.now() - 1000, { ...named(id), ...more });
const entryOf = (row: AttributeMap): JournalEntry => ({
  transactionId: row["transactionId"]?.S ?? "",
  version: Number(row["version"]?.N),
  at: Date.now(),
  accepted: acceptedIn(row),
});
const stateIn = async (id: string) => stateOf((await world.local.get(id)) ?? {});
const isThere = async (id: string) => (await world.local.get(id)) !== undefined;

describe("a restore", () => {
  it(
    "plans without a write to any row, and applies what it planned",
    async () => {
      await world.put(
        confirmed("kept"),
        confirmed("gone"),
        pending("going"),
        failedRow(Date.now(), undefined, named("failed")),
      );
      await world.put(pending("since"), pending("open"));
      await world.backUp();
      const restoredTo = Date.now();
      await world.put(confirmed("since"), pending("new"));
      await world.put(confirmed("new"));
      await world.remove("gone", "going", "failed", "since", "new");
      const before = await world.rowsOf("Transactions");

      const jobId = await world.plan({ restoredTo });
      const planned = await world.run(jobId);

      expect(planned).toMatchObject({
        state: "counted",
        counts: { transactions: 7, same: 2, restored: 3, sent: 1, takenFromStream: 2, unknown: 0 },
      });
      expect(await world.rowsOf("Transactions")).toEqual(before);
      expect(world.isTimeToLiveOn).toBe(false);

      const applied = await world.apply(jobId);

      expect(applied).toMatchObject({ state: "done", isOver: true, counts: planned.counts });
      expect(world.isTimeToLiveOn).toBe(true);
      for (const id of ["gone", "since", "new"]) expect([id, await stateIn(id)]).toEqual([id, "CONFIRMED"]);
      expect([await stateIn("failed"), await stateIn("going"), await stateIn("open")]).toEqual([
        "FAILED",
        "SCHEDULED",
        "PENDING",
      ]);
    },
    PATIENCE,
  );

  it(
    "takes from the journal what the stream may not be asked for, and from manifests what neither has",
    async () => {
      await world.put(pending("journal"), pending("manifest"), pending("neither"));
      await world.backUp();
      const restoredTo = Date.now();
      await world.journal([entryOf(pending("journal")), entryOf(pending("journal-new"))], {
        to: restoredTo - 1,
        number: 0,
      });
      await world.journal([], { to: Date.now() + 1, number: 1, closing: "end" });
      const line = (transactionId: string) =>
        `${JSON.stringify({
          transactionId,
          version: 1,
          state: "CONFIRMED",
          outcome: "APPROVED",
          amount: "12.50",
          currency: "EUR",
          settledAt: new Date().toISOString(),
        })}\n`;
      const manifest = {
        merchantId: "m-1",
        day: "2026-11-22",
        files: [{ name: "lines-a.jsonl", lines: 3, chain: "a" }],
      };
      world.bucket.put("m-1/2026-11-22/lines-a.jsonl", `${line("journal")}${line("manifest")}${line("manifest-new")}`);
      world.bucket.put("m-1/2026-11-22/manifest-2.jsonl", `${JSON.stringify(manifest)}\n{"jws":"…"}\n`);
      world.bucket.put("audit-log/000000000001.json", "{}");
      world.bucket.put("m-2/2026-11-22/manifest-1.jsonl", "{}\n");
      await world.remove("journal", "manifest", "neither");

      const jobId = await world.plan({ restoredTo, sources: ["journal", "manifests"] });
      await world.run(jobId);
      const { counts } = await world.apply(jobId);

      expect(counts).toMatchObject({
        takenFromJournal: 2,
        takenFromManifests: 2,
        sent: 1,
        unknown: 0,
        transactions: 5,
      });
      for (const id of ["journal", "journal-new", "manifest", "manifest-new"])
        expect([id, await stateIn(id)]).toEqual([id, "CONFIRMED"]);
      expect((await world.local.get("manifest-new"))?.["merchantKey"]?.S).toMatch(/^m-1#2026-11-22#[01]$/);
    },
    PATIENCE,
  );

  it(
    "leaves to a person what may have been confirmed in the minute that a task was killed in, one by one or all",
    async () => {
      const ids = ["a", "b", "c", "d"];
      await world.put(...ids.map((id) => pending(id)));
      await world.backUp();
      const restoredTo = Date.now();
      await world.journal([entryOf(pending("a"))], { to: restoredTo - 100 });
      await world.remove(...ids);

      const jobId = await world.plan({ restoredTo, sources: ["journal", "manifests"] });
      expect(await world.run(jobId)).toMatchObject({ counts: { takenFromJournal: 1, unknown: 3 } });
      expect(await world.unknown(jobId)).toEqual(["b", "c", "d"]);
      expect(await isThere("b")).toBe(false);
      await world.apply(jobId);
      for (const id of ["b", "c", "d"]) expect([id, await stateIn(id)]).toEqual([id, "FAILED"]);

      const one = await world.ask({ decides: jobId, decision: "send", transactionIds: ["b", "a", "nobody"] }, {});
      expect(await world.run(one)).toMatchObject({ state: "done", counts: { decided: 1, skipped: 2 } });
      const others = await world.ask({ decides: jobId, decision: "confirmed" }, {});
      expect(await world.run(others)).toMatchObject({ counts: { decided: 2, skipped: 1 } });

      expect(await Promise.all(["b", "c", "d"].map(stateIn))).toEqual(["SCHEDULED", "CONFIRMED", "CONFIRMED"]);
      const sent = (await world.local.get("b")) ?? {};
      expect([sent["failure"], sent["failedKey"], sent["dueKey"]?.S]).toEqual([
        undefined,
        undefined,
        expect.stringMatching(/^T#[01]$/),
      ]);
      expect((await world.local.get("c"))?.["purgeAt"]).toBeDefined();
    },
    PATIENCE,
  );

  it(
    "takes the time since the backup for unknown where there is no journal, and no stream to ask",
    async () => {
      await world.put(pending("a"), confirmed("b"));
      await world.backUp();
      await world.remove("a", "b");
      const jobId = await world.plan({ restoredTo: Date.now(), sources: ["manifests"] });
      expect(await world.run(jobId)).toMatchObject({ counts: { unknown: 1, restored: 1, sent: 0 } });
    },
    PATIENCE,
  );

  it(
    "finds in the stream what content and version a row had before a script changed all",
    async () => {
      const rows = Array.from({ length: 30 }, (_, index) => pending(`t-${index}`));
      await world.put(...rows);
      await world.backUp();
      const restoredTo = Date.now();
      await world.put(...rows.slice(0, 10).map((row) => confirmedRow(Date.now(), { ...row })));
      const raised = rows.slice(10, 20).map((row) => changed(row, { version: number(2), outcome: text("REFUNDED") }));
      await world.put(...raised);
      await world.put(...raised.map((row) => changed(confirmedRow(Date.now(), { ...row }), {})));
      // All of them say something else now, and nothing of what became of them.
      await world.put(...rows.map((row) => changed(row, { amount: text("0.01"), version: number(1) })));

      const jobId = await world.plan({ restoredTo });
      await world.run(jobId);
      const { counts } = await world.apply(jobId);

      expect(counts).toMatchObject({ takenFromStream: 20, sent: 10, transactions: 30 });
      for (const row of await world.rowsOf("Transactions")) expect(row["amount"]).toEqual(text("12.50"));
      expect((await world.local.get("t-12"))?.["version"]).toEqual(number(2));
    },
    PATIENCE,
  );

  it(
    "takes what was restored in the table's own place: what is confirmed since is not sent",
    async () => {
      await world.put(pending("a"), pending("b"), confirmed("c"));
      const restoredTo = Date.now();
      await world.journal([entryOf(pending("a"))], { to: restoredTo - 1 });
      await world.journal([], { to: restoredTo + 1, number: 1, closing: "rest" });
      const jobId = await world.plan({ restoredTo, fromTable: "Transactions", sources: ["journal", "manifests"] });
      await world.run(jobId);
      expect(await world.apply(jobId)).toMatchObject({ counts: { takenFromJournal: 1, same: 2, transactions: 3 } });
      expect(await stateIn("a")).toBe("CONFIRMED");
    },
    PATIENCE,
  );

  it(
    "does not overwrite what became of a row between plan and apply",
    async () => {
      await world.put(pending("a"), pending("b"));
      await world.backUp();
      const jobId = await (async () => {
        const restoredTo = Date.now();
        await world.remove("a", "b");
        return world.plan({ restoredTo });
      })();
      await world.run(jobId);
      await world.put(confirmed("a"), pending("b", { version: number(2) }));
      expect(await world.apply(jobId)).toMatchObject({ counts: { takenFromTable: 1, same: 1, sent: 0 } });
      expect([await stateIn("a"), (await world.local.get("b"))?.["version"]]).toEqual(["CONFIRMED", number(2)]);
    },
    PATIENCE,
  );

  it(
    "turns the time to live on again when its plan is canceled, as soon as DynamoDB takes that",
    async () => {
      const jobId = await world.plan({ restoredTo: Date.now() });
      await world.run(jobId);
      expect(world.isTimeToLiveOn).toBe(false);
      await world.store.change(jobId, "counted", { state: "canceled" });
      world.isTimeToLiveLocked = true;
      expect(await world.run(jobId)).toMatchObject({ state: "canceled", isOver: false });
      expect(world.delays).toEqual([60_000]);
      world.isTimeToLiveLocked = false;
      expect(await world.run(jobId)).toMatchObject({ state: "canceled", isOver: true });
      expect(world.isTimeToLiveOn).toBe(true);
    },
    PATIENCE,
  );

  it(
    "leaves the time to live to the next one, where it was canceled and that was planned before it was on again",
    async () => {
      const first = await world.plan({ restoredTo: Date.now() });
      await world.run(first);
      await world.store.change(first, "counted", { state: "canceled" });
      world.isTimeToLiveLocked = true;
      await world.run(first);
      const next = await world.plan({ restoredTo: Date.now() });
      await world.run(next);
      world.isTimeToLiveLocked = false;
      expect(await world.run(first)).toMatchObject({ state: "canceled", isOver: true });
      expect(world.isTimeToLiveOn).toBe(false);
      expect(await world.apply(next)).toMatchObject({ state: "done", isOver: true });
      expect(world.isTimeToLiveOn).toBe(true);
    },
    PATIENCE,
  );

  it(
    "decides nothing once what it found of its sources is kept no more",
    async () => {
      await world.put(pending("a"));
      await world.backUp();
      await world.remove("a");
      const spec = { fromTable: "Transactions-restored", damagedAt: Date.now(), sources: [] };
      const createdAt = Date.now() - 14 * 86_400_000 - 1000;
      const jobId = await world.ask({ ...spec, restoredTo: Date.now() }, { state: "counting" }, { createdAt });
      await expect(world.run(jobId)).rejects.toMatchObject({ code: "SURVEY_MISSING" });
      expect(await isThere("a")).toBe(false);
    },
    PATIENCE,
  );

  it(
    "writes no more than it may, and comes to the same",
    async () => {
      const ids = Array.from({ length: 250 }, (_, index) => `t-${index}`);
      await world.put(...ids.map((id) => confirmed(id)));
      await world.backUp();
      const restoredTo = Date.now();
      await world.remove(...ids);
      const jobId = await world.plan({ restoredTo });
      await world.run(jobId);
      world.allowed = 40;
      expect(await world.apply(jobId)).toMatchObject({ state: "done", counts: { restored: 250, transactions: 250 } });
      expect(await world.rowsOf("Transactions")).toHaveLength(250);
    },
    PATIENCE,
  );

  describe("that is killed at any write, before or after it", () => {
    const ids = Array.from({ length: 12 }, (_, index) => `t-${index}`);
    const damage = async () => {
      await world.put(...ids.map((id, index) => (index < 4 ? confirmed(id) : pending(id))));
      await world.backUp();
      const restoredTo = Date.now();
      await world.put(...ids.slice(4, 6).map((id) => confirmed(id)), confirmed("new"));
      await world.journal([entryOf(pending(ids[6] ?? "")), entryOf(pending("journaled"))], { to: restoredTo - 50 });
      await world.remove(...ids, "new");
      // Its stream is not whole for it: what is not in the journal is unknown.
      return { restoredTo, sources: ["journal", "manifests"] } as const;
    };
    const account = async () => {
      const rows = await world.rowsOf("Transactions");
      return rows
        .map((row) => `${row["transactionId"]?.S} ${stateOf(row)} ${row["restoredBy"]?.M?.["as"]?.S}`)
        .toSorted();
    };

    it(
      "comes to the same account",
      async () => {
        const first = await world.plan(await damage());
        const planned = await world.run(first);
        const plannedActs = world.acts();
        const applied = await world.apply(first);
        const acts = world.acts();
        const expected = await account();
        expect(applied.counts).toMatchObject({ restored: 4, takenFromJournal: 2, unknown: 7, transactions: 13 });
        // Enough of each kind of write; all of them would be the same ones again and again.
        for (let at = 1; at <= acts; at += Math.max(1, Math.floor(acts / 6)))
          for (const isCarriedOut of [false, true]) {
            await world.clear();
            const spec = await damage();
            const jobId = await world.plan(spec);
            world.kill = { at, isCarriedOut };
            expect([at, (await world.run(jobId)).counts]).toEqual([at, planned.counts]);
            if (at > plannedActs) world.kill = { at, isCarriedOut };
            expect([at, (await world.apply(jobId)).counts]).toEqual([at, applied.counts]);
            expect([at, await account()]).toEqual([at, expected]);
          }
      },
      patienceMs(400_000),
    );
  });
});
