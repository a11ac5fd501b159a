import { describe, expect, it } from "@jest/globals";
import type { DayRecord, NewestManifest } from "../../../core/aws/manifest-records.ts";
import type { NextMerchant } from "../../../core/aws/next-merchant.ts";
import type { MerchantLookup } from "../../../core/aws/registered-merchants.ts";
import { writeAccepted } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { writeRedelivery } from "../../../core/transaction/row/redelivery.ts";
import { publicKeys } from "../../../core/signing/merchant-keys.ts";
import {
  type ManifestsParts,
  type ManifestsState,
  manifestsStep,
  NO_COUNTS,
} from "../../../lambdas/audit-transactions/manifests/manifests.ts";
import { verifyChain } from "../../../verifier/verify-manifest.mjs";
import { FakeClock } from "../../support/fake-clock.ts";
import { keysOf } from "../../support/keys.ts";
import { MemoryTable } from "../../support/memory-table.ts";
import { type Changes, contentIn, number, text, transactionRow } from "../../support/rows.ts";

const DAY = "2026-11-22";
const KEYS = keysOf(Buffer.alloc(32, 7));
const CONFIRMED: Changes = { confirmationState: text("CONFIRMED"), stateVersion: number(1), settledAt: number(1e12) };
const row = (id: string, changes: Changes = {}): AttributeMap =>
  transactionRow({ transactionId: text(id), merchantKey: text(`m-1#${DAY}#0`), ...CONFIRMED, ...changes });

/** Manifests as the table and the bucket hold them. */
class MemoryRecords {
  newestOf = new Map<string, NewestManifest>();
  days = new Map<string, DayRecord>();

  newest = async (merchantId: string) => this.newestOf.get(merchantId);
  day = async (merchantId: string, day: string) => this.days.get(`${merchantId} ${day}`);
  write = async (merchantId: string, newest: NewestManifest, written: DayRecord): Promise<boolean> => {
    if ((this.newestOf.get(merchantId)?.sequence ?? 0) !== newest.sequence - 1) return false;
    this.newestOf.set(merchantId, newest);
    this.days.set(`${merchantId} ${written.day}`, written);
    return true;
  };
  stored = async (merchantId: string, newest: NewestManifest): Promise<void> => {
    this.newestOf.set(merchantId, { ...newest, isStored: true });
  };
}

function bench(
  rows: readonly AttributeMap[],
  changes: Partial<ManifestsParts> = {},
  merchant: Partial<NextMerchant> = {},
) {
  const clock = new FakeClock();
  const table = new MemoryTable();
  const records = new MemoryRecords();
  const bucket = new Map<string, string>();
  const puts: string[] = [];
  const keep = (one: AttributeMap): unknown => table.rows.set(one["transactionId"]?.S ?? "", one);
  rows.forEach(keep);
  const merchants = ["m-1", "m-2"];
  const parts: ManifestsParts = {
    day: DAY,
    merchantShards: 2,
    linesPerFile: 2,
    table,
    records,
    page: async (merchantKey, limit, from) => {
      const ids = [...table.rows].filter(([, one]) => one["merchantKey"]?.S === merchantKey).map(([id]) => id);
      const start = Number(from?.["at"]?.N ?? 0);
      const isLast = start + limit >= ids.length;
      return {
        transactionIds: ids.slice(start, start + limit),
        ...(!isLast && { next: { at: number(start + limit) } }),
      };
    },
    nextMerchant: async (after) => {
      const merchantId = merchants[after === undefined ? 0 : merchants.indexOf(after) + 1];
      return merchantId === undefined ? undefined : { merchantId, environment: "live", ...merchant };
    },
    listMerchant: async () => undefined,
    keysOf: async () => ({ kind: "registered", keys: KEYS }),
    put: async (key, content) => {
      puts.push(key);
      bucket.set(key, content);
    },
    warn: () => undefined,
    now: clock.now,
    ...changes,
  };
  /** Step by step, each from what the one before said in JSON, as between two invocations. */
  const run = async (): Promise<ManifestsState> => {
    let [state, isDone]: [ManifestsState, boolean] = [{ totals: NO_COUNTS }, false];
    while (!isDone)
      ({ state, isDone } = await manifestsStep(JSON.parse(JSON.stringify(state)) as ManifestsState, parts));
    return state;
  };
  /** All revisions of the first merchant's day, verified. */
  const verified = async () => {
    const files = [...bucket].filter(([key]) => key.startsWith(`m-1/${DAY}/manifest-`)).map(([, file]) => file);
    const readLines = async (name: string) => bucket.get(`m-1/${DAY}/${name}`) ?? "";
    return verifyChain(
      files.map((file) => ({ file, readLines })),
      { keys: publicKeys(KEYS, clock.now()) },
    );
  };
  return { table, keep, records, bucket, puts, run, verified };
}

describe("the manifests of a day", () => {
  it("are none of the sandbox's", async () => {
    const { run, puts } = bench([row("a")], {}, { environment: "sandbox" });
    expect((await run()).totals).toEqual(NO_COUNTS);
    expect(puts).toEqual([]);
  });

  it("begin with the day on which a merchant left the sandbox, and what occurred since", async () => {
    const liveSince = Date.parse("2026-11-22T12:00:00Z");
    const rows = [
      row("before", { occurredAt: text("2026-11-22T12:59:59+01:00") }),
      row("since", { occurredAt: text("2026-11-22T12:00:00Z") }),
      row("after", { occurredAt: text("2026-11-22T20:00:00Z") }),
      row("last", { occurredAt: text("2026-11-22T23:00:00Z") }),
    ];
    const { run, verified, bucket } = bench(rows, {}, { liveSince });
    await run();
    const [manifest] = await verified();
    expect(manifest?.totals).toMatchObject({ transactions: 3 });
    const files = [...bucket].filter(([key]) => key.includes("/lines-")).map(([, lines]) => lines);
    expect(files.join("")).not.toContain('"before"');
    expect((await run()).totals).toMatchObject({ written: 0 });
    const earlier = bench(rows, {}, { liveSince: Date.parse("2026-11-23T00:00:00Z") });
    expect((await earlier.run()).totals).toEqual(NO_COUNTS);
  });

  it("are written for each merchant, those without transactions too, and are right", async () => {
    const { run, verified, bucket } = bench([
      row("a"),
      row("b", { merchantKey: text(`m-1#${DAY}#1`), confirmationState: text("FAILED"), amount: text("0.005") }),
      row("c", { confirmationState: text("SCHEDULED") }),
      row("other day", { merchantKey: text("m-1#2026-11-21#0") }),
    ]);
    expect((await run()).totals).toEqual({ ...NO_COUNTS, merchants: 2, written: 2, transactions: 3, unsettled: 1 });
    const [manifest] = await verified();
    expect(manifest?.totals).toMatchObject({ transactions: 3, confirmed: 1, failed: 1, unsettled: 1 });
    expect(manifest?.totals.sums["EUR"]).toMatchObject({ total: "25.005", failed: "0.005" });
    expect(manifest?.files.map(({ lines }) => lines)).toEqual([2, 1]);
    expect(bucket.get(`m-2/${DAY}/manifest-1.jsonl`)).toContain('"transactions":0');
  });

  it("leave out the merchant of the canaries, which is nobody", async () => {
    const rows = [row("a"), row("canary", { merchantKey: text(`pipeline-canary#${DAY}#0`) })];
    const merchants = ["m-1", "pipeline-canary", "m-2"];
    const { run, bucket } = bench(rows, {
      nextMerchant: async (after) => {
        const merchantId = merchants[after === undefined ? 0 : merchants.indexOf(after) + 1];
        return merchantId === undefined ? undefined : { merchantId, environment: "live" };
      },
    });
    expect((await run()).totals).toMatchObject({ merchants: 2, written: 2, transactions: 1, unsigned: 0 });
    expect([...bucket.keys()].filter((key) => key.startsWith("pipeline-canary"))).toEqual([]);
  });

  it("list merchants by their ids that are not yet, those of the sandbox too, whatever becomes of that", async () => {
    const listed: string[] = [];
    const listMerchant = async (merchantId: string) => {
      listed.push(merchantId);
      throw new Error("throttled");
    };
    const live = bench([row("a")], { listMerchant }, { isUnlisted: true });
    expect((await live.run()).totals).toMatchObject({ merchants: 2, written: 2 });
    await bench([], { listMerchant }, { isUnlisted: true, environment: "sandbox" }).run();
    expect(listed).toEqual(["m-1", "m-2", "m-1", "m-2"]);
  });

  it("are not written again when nothing changed", async () => {
    const { run, puts } = bench([row("a"), row("b"), row("c")]);
    await run();
    const before = puts.length;
    expect((await run()).totals).toMatchObject({ written: 0, transactions: 3 });
    expect(puts).toHaveLength(before);
  });

  it("keep the first confirmation of what a job sent again, whatever came of that", async () => {
    const { run, keep, puts } = bench([row("a")]);
    await run();
    const { length: before } = puts;
    const mark = { jobId: "job-1", version: 1, generation: 1, markedAt: 2e12 };
    for (const redelivery of [mark, { ...mark, ended: { result: "status_5xx", at: 2e12, status: 500 } }]) {
      keep(row("a", { redelivery: writeRedelivery(redelivery) }));
      expect((await run()).totals).toMatchObject({ written: 0, transactions: 1, unsettled: 0 });
    }
    expect(puts).toHaveLength(before);
  });

  it("get a revision when something did, chained to the one before, with the files that stayed the same", async () => {
    const { run, keep, verified, puts } = bench([row("a"), row("b"), row("c")]);
    await run();
    puts.length = 0;
    keep(row("c", { confirmationState: text("FAILED") }));
    expect((await run()).totals).toMatchObject({ written: 1 });
    expect(puts.map((key) => key.replace(/lines-.*/, "lines"))).toEqual([
      `m-1/${DAY}/lines`,
      `m-1/${DAY}/manifest-2.jsonl`,
    ]);
    const [first, second] = await verified();
    expect([first?.totals.failed, second?.totals.failed]).toEqual([0, 1]);
    expect(second).toMatchObject({ revision: 2, sequence: 2, previous: { sequence: 1 } });
    expect(second?.files[0]).toEqual(first?.files[0]);
  });

  it("are put into the bucket by whoever comes next, when a crash came between note and bucket", async () => {
    const rows = [row("a")];
    let isDown = true;
    const { run, bucket, verified, records } = bench(rows, {
      put: async (key, content) => {
        if (key.includes("manifest-") && isDown) throw new Error("crash");
        bucket.set(key, content);
      },
    });
    await expect(run()).rejects.toThrow("crash");
    expect(records.newestOf.get("m-1")).toMatchObject({ sequence: 1, isStored: false });
    isDown = false;
    expect((await run()).totals).toMatchObject({ merchants: 2, written: 1 });
    expect(await verified()).toMatchObject([{ sequence: 1, revision: 1 }]);
  });

  it("are written once when two invocations come to it together", async () => {
    const { run, records, verified } = bench([row("a")]);
    const { write } = records;
    records.write = async (...args) => {
      records.write = write;
      await run();
      return write(...args);
    };
    await run();
    expect(await verified()).toMatchObject([{ sequence: 1, revision: 1 }]);
  });

  it("leave out a row that is listed under a wrong merchant or day, and move it to its own", async () => {
    const { run, table, verified } = bench([
      row("a"),
      row("moved", { merchantId: text("m-2") }),
      row("unreadable", { occurredAt: text("?") }),
    ]);
    expect((await run()).totals).toMatchObject({ repaired: 1 });
    expect(table.row("moved")["merchantKey"]?.S).toMatch(new RegExp(`^m-2#${DAY}#[01]$`));
    expect((await verified())[0]?.totals.transactions).toBe(2);
  });

  it("are not written for a merchant that nothing can be signed for, and counted", async () => {
    const unusable: MerchantLookup = { kind: "unusable", reason: "secretSalt" };
    const { run, bucket } = bench([row("a")], {
      keysOf: async (merchantId) => (merchantId === "m-1" ? unusable : { kind: "registered", keys: KEYS }),
    });
    expect((await run()).totals).toMatchObject({ merchants: 2, written: 1, unsigned: 1 });
    expect([...bucket.keys()]).toEqual([`m-2/${DAY}/manifest-1.jsonl`]);
  });
});

describe("a row whose content was changed", () => {
  const accepted = writeAccepted(1, contentIn(transactionRow()));
  const changes: Changes = {
    merchantId: text("m-2"),
    outcome: text("REJECTED"),
    amount: text("99.00"),
    currency: text("USD"),
  };
  const linesOf = ({ bucket }: ReturnType<typeof bench>, merchantId: string) =>
    [...bucket]
      .filter(([key]) => key.startsWith(`${merchantId}/`) && key.includes("/lines-"))
      .flatMap(([, file]) => file.trimEnd().split("\n"))
      .map((line) => JSON.parse(line) as unknown);

  it.each(["CONFIRMED", "FAILED"])(
    "and is %s is listed as it was accepted, under the merchant that did",
    async (state) => {
      const written = bench([row("a", { ...changes, accepted, confirmationState: text(state) })]);
      await written.run();
      expect(linesOf(written, "m-1")).toMatchObject([{ state, outcome: "APPROVED", amount: "12.50", currency: "EUR" }]);
      expect(linesOf(written, "m-2")).toEqual([]);
      const [manifest] = await written.verified();
      expect(Object.keys(manifest?.totals.sums ?? {})).toEqual(["EUR"]);
    },
  );

  it("and is listed with another merchant moves to the one that accepted it", async () => {
    const elsewhere = row("a", { ...changes, accepted, merchantKey: text(`m-2#${DAY}#0`) });
    const { run, table } = bench([elsewhere]);
    expect((await run()).totals).toMatchObject({ repaired: 1 });
    expect(table.row("a")["merchantKey"]?.S).toMatch(/^m-1#2026-11-22#/);
  });

  it("by a higher version is listed as that says", async () => {
    const written = bench([row("a", { amount: text("99.00"), version: number(2), stateVersion: number(2), accepted })]);
    await written.run();
    expect(linesOf(written, "m-1")).toMatchObject([{ version: 2, amount: "99.00" }]);
  });
});
