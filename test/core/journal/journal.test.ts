import { describe, expect, it } from "@jest/globals";
import type { Accepted } from "../../../core/transaction/accepted.ts";
import { type JournalEntry, journalLine, readJournalLine } from "../../../core/journal/journal-entry.ts";
import { gzipSync } from "node:zlib";
import { journalFile, readJournalFile } from "../../../core/journal/journal-file.ts";
import { JournalLines, linesOf } from "../../../core/journal/journal-lines.ts";
import { Journal } from "../../../core/journal/journal.ts";
import { journalKey, journalStart, readJournalKey } from "../../../core/journal/journal-key.ts";
import { CANARY_MERCHANT_ID } from "../../../core/merchant/canary.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { FakeClock, START_MS } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";

const ACCEPTED: Accepted = {
  merchantId: "shop",
  outcome: "APPROVED",
  amount: "12.50",
  currency: "EUR",
  occurredAt: "2026-11-22T10:00:00Z",
  payloadDigest: "RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o",
  digestVersion: 1,
};
const EVERY_MS = 60_000;

interface Bench {
  readonly journal: Journal;
  readonly clock: FakeClock;
  readonly files: { readonly key: string; readonly entries: readonly JournalEntry[] }[];
  readonly counted: Record<string, number>;
  readonly warnings: string[];
  /** How the bucket answers. */
  answer: () => Promise<void>;
}

function bench({ isFrozen = false } = {}): Bench {
  const clock = new FakeClock();
  const counted: Record<string, number> = {};
  const one: Bench = {
    clock,
    files: [],
    counted,
    warnings: [],
    answer: () => Promise.resolve(),
    journal: new Journal({
      writer: "task-1",
      everyMs: EVERY_MS,
      put: async (key, body) => {
        await one.answer();
        one.files.push({ key, entries: await readJournalFile(body) });
      },
      ...(!isFrozen && { after: (ms, act) => clock.plan(clock.now() + ms, act) }),
      pause: () => new Promise(() => undefined),
      now: clock.now,
      elapsedMs: clock.elapsedMs,
      count: (metric, by = 1) => (counted[metric] = (counted[metric] ?? 0) + by),
      warn: (message) => one.warnings.push(message),
    }),
  };
  return one;
}

const idsOf = ({ files }: Bench) => files.map(({ entries }) => entries.map(({ transactionId }) => transactionId));
const namesOf = ({ files }: Bench) => files.map(({ key }) => readJournalKey(key));

describe("the journal of a task", () => {
  it("is written at once after a rest, and then each time that its time comes", async () => {
    const one = bench();
    one.journal.recorded("t-1", 1, ACCEPTED);
    one.journal.recorded("t-2", 3, undefined);
    await one.clock.pass(100);
    await until(() => one.files.length === 1);
    one.journal.recorded("t-3", 1, ACCEPTED);
    await one.clock.pass(EVERY_MS - 200);
    expect(one.files).toHaveLength(1);
    await one.clock.pass(200);
    await until(() => one.files.length === 2);

    expect(idsOf(one)).toEqual([["t-1", "t-2"], ["t-3"]]);
    expect(one.files[0]?.entries).toEqual([
      { transactionId: "t-1", version: 1, at: START_MS, accepted: ACCEPTED },
      { transactionId: "t-2", version: 3, at: START_MS, accepted: undefined },
    ]);
    expect(namesOf(one)).toEqual([
      { writer: "task-1", number: 0, to: START_MS + 100, everySeconds: 60, isLossy: false },
      { writer: "task-1", number: 1, to: START_MS + 100 + EVERY_MS, everySeconds: 60, isLossy: false },
    ]);
  });

  it("says nothing while nothing is recorded, and nothing of the canary", async () => {
    const one = bench();
    one.journal.recorded("c-1", 1, { ...ACCEPTED, merchantId: CANARY_MERCHANT_ID });
    await one.clock.pass(3 * EVERY_MS);
    await one.journal.end(1000);
    expect(one.files).toEqual([]);
  });

  it("keeps what its bucket does not take for the next file, under the same number", async () => {
    const one = bench();
    one.answer = () => Promise.reject(new Error("503"));
    one.journal.recorded("t-1", 1, ACCEPTED);
    await one.clock.pass(100);
    await until(() => one.warnings.length === 1);
    one.journal.recorded("t-2", 1, ACCEPTED);
    one.answer = () => Promise.resolve();
    await one.clock.pass(10_000);
    await until(() => one.files.length === 1);

    expect(idsOf(one)).toEqual([["t-1", "t-2"]]);
    expect(namesOf(one)).toMatchObject([{ number: 0, isLossy: false }]);
    expect(one.counted).toEqual({ [METRICS.journalFilesFailed]: 1 });
  });

  it("loses the oldest where its bucket takes nothing for long, says so, and goes on", async () => {
    const one = bench();
    one.answer = () => Promise.reject(new Error("503"));
    one.journal.recorded("t-0", 1, ACCEPTED);
    await one.clock.pass(100);
    await until(() => one.warnings.length === 1);
    for (let index = 1; index <= 100_000; index += 1) one.journal.recorded(`t-${index}`, 1, undefined);
    one.answer = () => Promise.resolve();
    await one.clock.pass(10_000);
    await until(() => one.files.length === 1);
    await one.clock.pass(0);

    expect(namesOf(one)[0]).toMatchObject({ number: 0, isLossy: true });
    expect(one.files[0]?.entries[0]?.transactionId).toBe("t-20000");
    expect(one.counted[METRICS.journalEntriesLost]).toBe(20_000);
    while (one.files.length < 5) await one.clock.pass(100);
    expect(one.files.reduce((sum, { entries }) => sum + entries.length, 0)).toBe(80_001);
    expect(namesOf(one).slice(1)).toMatchObject([{ isLossy: false }, { isLossy: false }, {}, {}]);
  });

  it("is written without waiting for its time when a file is full", async () => {
    const one = bench();
    one.journal.recorded("t-0", 1, ACCEPTED);
    await one.clock.pass(100);
    await until(() => one.files.length === 1);
    for (let index = 1; index <= 20_001; index += 1) one.journal.recorded(`t-${index}`, 1, undefined);
    await one.clock.pass(0);
    await until(() => one.files.length === 2);
    expect(one.files[1]?.entries).toHaveLength(20_000);
    // What is left was recorded after it, and is in the next one.
    expect(namesOf(one)[1]?.to).toBe(START_MS + 100);
  });

  it("says with its last file that it ended", async () => {
    const one = bench();
    one.journal.recorded("t-1", 1, ACCEPTED);
    await one.clock.pass(100);
    await until(() => one.files.length === 1);
    one.journal.recorded("t-2", 1, ACCEPTED);
    await one.journal.end(1000);
    expect(idsOf(one)).toEqual([["t-1"], ["t-2"]]);
    expect(namesOf(one)).toMatchObject([{ number: 0 }, { number: 1, closing: "end" }]);
  });

  it("says that it rests once nothing was recorded for a while, and then writes at once", async () => {
    const one = bench();
    one.journal.recorded("t-1", 1, ACCEPTED);
    await one.clock.pass(100);
    await until(() => one.files.length === 1);
    await one.clock.pass(EVERY_MS);
    await until(() => one.files.length === 2);
    await one.clock.pass(10 * EVERY_MS);
    expect(one.files).toHaveLength(2);
    one.journal.recorded("t-2", 1, ACCEPTED);
    await one.clock.pass(100);
    await until(() => one.files.length === 3);
    expect(idsOf(one)).toEqual([["t-1"], [], ["t-2"]]);
    expect(namesOf(one).map((name) => name?.closing)).toEqual([undefined, "rest", undefined]);
    await one.clock.pass(EVERY_MS);
    await until(() => one.files.length === 4);
    await one.journal.end(1000);
    expect(one.files).toHaveLength(4);
  });

  it("ends though its bucket does not", async () => {
    const one = bench();
    const endless = new Journal({
      writer: "task-1",
      everyMs: EVERY_MS,
      put: () => new Promise(() => undefined),
      pause: () => Promise.resolve(),
      now: one.clock.now,
      elapsedMs: one.clock.elapsedMs,
      count: () => undefined,
      warn: () => undefined,
    });
    endless.recorded("t-1", 1, ACCEPTED);
    await endless.end(1000);
    expect(one.files).toEqual([]);
  });

  it("is not written to a time before its last file's, whatever its clock says", async () => {
    const one = bench();
    one.journal.recorded("t-1", 1, ACCEPTED);
    await one.clock.pass(100);
    await until(() => one.files.length === 1);
    one.clock.step(-3_600_000);
    one.journal.recorded("t-2", 1, ACCEPTED);
    await one.journal.end(1000);
    expect(namesOf(one).map((name) => name?.to)).toEqual([START_MS + 100, START_MS + 100]);
  });
});

describe("the journal of a function", () => {
  it("is written at the end of an invocation, once its time has come", async () => {
    const one = bench({ isFrozen: true });
    one.journal.recorded("t-1", 1, ACCEPTED);
    await one.journal.settle();
    one.clock.advance(30_000);
    one.journal.recorded("t-2", 1, ACCEPTED);
    await one.journal.settle();
    expect(idsOf(one)).toEqual([["t-1"]]);
    one.clock.advance(30_000);
    await one.journal.settle();
    expect(idsOf(one)).toEqual([["t-1"], ["t-2"]]);
  });

  it("never fails an invocation", async () => {
    const one = bench({ isFrozen: true });
    one.answer = () => Promise.reject(new Error("AccessDenied"));
    one.journal.recorded("t-1", 1, ACCEPTED);
    await expect(one.journal.settle()).resolves.toBeUndefined();
    expect(one.warnings).toEqual(["journal not written, it goes with the next file"]);
  });
});

describe("a file's name", () => {
  it("says what it was made of, and sorts by time", () => {
    const names = [
      { writer: "0b5c-1", number: 0, to: START_MS, everySeconds: 60, isLossy: false },
      { writer: "a", number: 1_234_567, to: START_MS + 1, everySeconds: 5, isLossy: true, closing: "end" as const },
      { writer: "0", number: 7, to: START_MS + 86_400_000, everySeconds: 60, isLossy: false, closing: "rest" as const },
    ];
    const keys = names.map(journalKey);
    expect(keys.map(readJournalKey)).toEqual(names);
    expect(keys.toSorted()).toEqual(keys);
    expect(keys[0]).toBe("journal/20261122T100000000Z_60_0b5c-1_000000.jsonl.zst");
    expect([...keys, journalStart(START_MS + 1)].toSorted()[1]).toBe(journalStart(START_MS + 1));
  });

  it.each(["audit-log/000000000001.json", "journal/2026-11-22/manifest-1.jsonl", "journal/", "shop/2026-11-22/x"])(
    "is none: %s",
    (key) => {
      expect(readJournalKey(key)).toBeUndefined();
    },
  );
});

describe("a file", () => {
  const NAME = { writer: "task-1", number: 0, to: START_MS, everySeconds: 60, isLossy: false };
  const entry = (transactionId: string): JournalEntry => ({
    transactionId,
    version: 1,
    at: START_MS,
    accepted: ACCEPTED,
  });

  it("has each entry once and in order, whatever its characters and however long it is", async () => {
    const ids = ["t-1", "\u00e9\u20ac\ud83d\ude00", "x".repeat(300_000), "\u20ac".repeat(100_000), "t-2"];
    const lines = new JournalLines();
    for (const id of ids) lines.add(journalLine(entry(id)), START_MS);
    const entries = await readJournalFile(await journalFile(NAME, lines.take(ids.length)));
    expect(entries.map(({ transactionId }) => transactionId)).toEqual(ids);
    expect(lines.length).toBe(0);
  });

  it("is read as earlier builds wrote it", async () => {
    const text = `{"format":"confirmation-journal/1"}\n${journalLine(entry("t-1"))}\n`;
    await expect(readJournalFile(gzipSync(text))).resolves.toEqual([entry("t-1")]);
    expect(readJournalKey("journal/20261122T100000000Z_60_task-1_000000.jsonl.gz")).toEqual(NAME);
  });
});

describe("lines that wait", () => {
  it("are taken as whole parts, and come first again where they are put back", () => {
    const lines = new JournalLines();
    for (let index = 0; index < 2500; index += 1) lines.add(`[${index}]`, index);
    const taken = lines.take(2000);
    expect([linesOf(taken), taken.at(-1)?.lastAt, lines.length]).toEqual([2000, 1999, 500]);
    lines.putBack(taken);
    lines.add("[2500]", 2500);
    expect(lines.length).toBe(2501);
    const parts = lines.take(Number.POSITIVE_INFINITY);
    const text = parts.map(({ bytes, length }) => bytes.toString("utf8", 0, length)).join("");
    expect(text).toBe(Array.from({ length: 2501 }, (_, index) => `[${index}]\n`).join(""));
  });
});

describe("an entry", () => {
  it.each<JournalEntry>([
    { transactionId: 'a "quoted"\nid', version: 2, at: START_MS, accepted: { ...ACCEPTED, payloadVersion: 2 } },
    { transactionId: "t", version: 1, at: START_MS, accepted: ACCEPTED },
    { transactionId: "t", version: 1, at: START_MS, accepted: undefined },
  ])("is read as it was written", (entry) => {
    expect(readJournalLine(journalLine(entry))).toEqual(entry);
  });

  it.each(["", "{}", "[1]", '["t"]', '["t",0,1]', '["t",1.5,1]', '{"format":"confirmation-journal/1"}', "no JSON"])(
    "is none, and passed over: %s",
    (line) => {
      expect(readJournalLine(line)).toBeUndefined();
    },
  );
});
