import { describe, expect, it } from "@jest/globals";
import { duePartitions } from "../../../core/transaction/row/due-partition.ts";
import {
  isSuspicious,
  judge,
  type JudgeOptions,
  LONGEST_WAIT_MS,
} from "../../../lambdas/audit-transactions/sweep/judge.ts";
import { type Redelivery, writeRedelivery } from "../../../core/transaction/row/redelivery.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";

const LEASE_MS = 900_000;
const DAY_MS = 86_400_000;
const TOLERANCE_MS = 1_800_000;
const OPTIONS: JudgeOptions = {
  table: "Transactions",
  now: START_MS,
  dueShards: 4,
  merchantShards: 2,
  partitionOf: duePartitions(4, 2),
  leaseMs: LEASE_MS,
  toleranceMs: TOLERANCE_MS,
  lostAfterMs: TOLERANCE_MS + 3_600_000,
  isQueueBehind: false,
  isStreamBehind: false,
};

const listed: Changes = { merchantKey: text("m-1#2026-11-22#0") };
const row = (changes: Changes = {}) => transactionRow({ ...listed, ...changes });
const keys = (dueKey: string, dueAt: number): Changes => ({ dueKey: text(dueKey), dueAt: number(dueAt) });
const state = (name: string, version = 1): Changes => ({
  confirmationState: text(name),
  stateVersion: number(version),
});
const foundIn = (changes: Changes, options: Partial<JudgeOptions> = {}) =>
  judge(row(changes), { ...OPTIONS, ...options }).found;
const overdue = keys("T#1", START_MS - TOLERANCE_MS - 1);
const longOverdue = keys("T#1", START_MS - OPTIONS.lostAfterMs - 1);

const failed: Changes = {
  ...state("FAILED"),
  failure: { M: { code: text("expired"), fault: text("merchant"), reason: text("too late") } },
  settledAt: number(Date.parse("2026-11-22T10:00:00Z")),
};
/** In whatever shard. */
const amongFailed: Changes = { failedKey: text("m-1#9"), failedAt: text("expired#2026-11-22T10:00:00.000Z") };

describe("a row is found", () => {
  it.each<[string, Changes, string]>([
    ["without index keys", {}, "no keys"],
    ["with one of two keys", { dueKey: text("P#0") }, "no keys"],
    ["without keys, settled for an older version only", { ...state("CONFIRMED", 0) }, "no keys"],
    ["without keys and with a version that cannot be read", { version: text("x") }, "no keys"],
    ["in a partition that nobody reads", keys("T#4", START_MS + 1), "partition unread"],
    ["overdue by more than the tolerance", overdue, "overdue"],
    ["pending and due later than a lease", keys("P#0", START_MS + LEASE_MS + TOLERANCE_MS + 1), "due too late"],
    [
      "with an ordering key, overdue for a day longer than the tolerance",
      keys("O#1", START_MS - DAY_MS - TOLERANCE_MS - 1),
      "overdue",
    ],
    ["parked for longer than any wait", keys("T#0", START_MS + LONGEST_WAIT_MS + 1), "due too late"],
    ["waiting for its merchant past its give-up time", keys("M#m-1#0", START_MS - TOLERANCE_MS - 1), "past give-up"],
  ])("%s", (_, changes, because) => {
    expect(foundIn(changes)).toEqual({ because, isLost: false });
  });

  it.each<[string, Changes]>([
    ["due within the tolerance", keys("P#1", START_MS - TOLERANCE_MS)],
    ["pending and due within a lease", keys("P#1", START_MS + LEASE_MS)],
    ["behind others of its ordering key for a day", keys("O#1", START_MS - DAY_MS - TOLERANCE_MS)],
    ["waiting in its place for a week", keys("O#1", START_MS + 7 * DAY_MS)],
    ["parked for days", keys("T#3", START_MS + 9 * 86_400_000)],
    ["waiting for its merchant for a year", keys("M#m-1#1", START_MS + 365 * 86_400_000)],
    ["confirmed", state("CONFIRMED")],
    ["failed with a version that cannot be read", { version: text("x"), confirmationState: text("FAILED") }],
  ])("not when it is %s", (_, changes) => {
    expect(foundIn(changes)).toBeUndefined();
  });
});

describe("a found row", () => {
  it.each<[string, Changes]>([
    ["without keys", {}],
    ["where nobody looks", keys("X", 1)],
    ["past its merchant's give-up time", keys("M#m-1#0", 1)],
  ])("%s is put back, due now", (_, changes) => {
    const { putBack } = judge(row(changes), OPTIONS);
    expect(putBack?.text).toMatch(/^UPDATE "Transactions" SET dueKey=\? SET dueAt=\?.* REMOVE purgeAt/);
    expect(putBack?.parameters[0]?.S).toMatch(/^P#[0-3]$/);
    expect(putBack?.parameters[1]).toEqual(number(START_MS));
  });

  it("with an ordering key is put back where rows of its kind are looked for", () => {
    const { putBack } = judge(row({ orderingKey: text("k") }), OPTIONS);
    expect(putBack?.parameters[0]?.S).toMatch(/^O#[0-3]$/);
  });

  it("that is overdue where release-due looks keeps its place at the front", () => {
    expect(judge(row(overdue), OPTIONS)).toEqual({ found: { because: "overdue", isLost: false }, repairs: [] });
  });

  it.each<[string, Changes]>([
    ["was put back before at this version", { auditedVersion: number(1) }],
    ["was put back before and is overdue again", { ...overdue, auditedVersion: number(1) }],
    ["is overdue for longer than an audit ago", longOverdue],
    ["is overdue behind others for a day longer than that", keys("O#1", START_MS - DAY_MS - OPTIONS.lostAfterMs - 1)],
  ])("is lost when it %s", (_, changes) => {
    expect(foundIn(changes)?.isLost).toBe(true);
  });

  it("is not lost when it was put back at an older version", () => {
    expect(foundIn({ version: number(2), auditedVersion: number(1) })?.isLost).toBe(false);
  });
});

describe("a row is left to what is behind", () => {
  it("without keys, to the stream", () => {
    const { isPostponed, putBack } = judge(row(), { ...OPTIONS, isStreamBehind: true });
    expect([isPostponed, putBack]).toEqual([true, undefined]);
  });

  it("pending, to the queue", () => {
    const judged = judge(row(keys("P#1", 1)), { ...OPTIONS, isQueueBehind: true });
    expect([judged.isPostponed, judged.found]).toEqual([true, undefined]);
  });

  it("but not when it is parked, or where nobody looks", () => {
    expect(foundIn(longOverdue, { isQueueBehind: true })).toEqual({ because: "overdue", isLost: true });
    expect(foundIn(keys("X", 1), { isQueueBehind: true, isStreamBehind: true })).toMatchObject({
      because: "partition unread",
    });
  });
});

describe("a row is repaired", () => {
  const repairsOf = (changes: Changes): string[] =>
    judge(row(changes), OPTIONS).repairs.map(({ text: statement }) => statement.replace(/ WHERE.*/, ""));

  it.each<[string, Changes, string[]]>([
    ["settled in the index", { ...state("FAILED"), ...overdue }, ['UPDATE "Transactions" REMOVE dueKey REMOVE dueAt']],
    [
      "settled with one key",
      { ...state("CONFIRMED"), dueAt: number(1) },
      ['UPDATE "Transactions" REMOVE dueKey REMOVE dueAt'],
    ],
    ["not listed", { ...state("CONFIRMED"), merchantKey: undefined }, ['UPDATE "Transactions" SET merchantKey=?']],
    [
      "unsettled with a time to live",
      { ...keys("P#0", START_MS), purgeAt: number(1) },
      ['UPDATE "Transactions" REMOVE purgeAt'],
    ],
    ["failed, and not in the failed index", failed, ['UPDATE "Transactions" SET failedKey=? SET failedAt=?']],
    ["failed, for a reason that cannot be read", { ...failed, failure: { M: {} } }, []],
    ["failed, and in its place", { ...failed, ...amongFailed }, []],
    [
      "failed, and listed for another reason",
      { ...failed, ...amongFailed, failedAt: text("expired_untried#2026-11-22T10:00:00.000Z") },
      ['UPDATE "Transactions" SET failedKey=? SET failedAt=?'],
    ],
    [
      "confirmed, and in the failed index",
      { ...state("CONFIRMED"), ...amongFailed },
      ['UPDATE "Transactions" REMOVE failedKey REMOVE failedAt'],
    ],
    [
      "on its way, and in the failed index",
      { ...keys("P#0", START_MS), ...amongFailed },
      ['UPDATE "Transactions" REMOVE failedKey REMOVE failedAt'],
    ],
    ["all well", keys("P#0", START_MS), []],
  ])("%s", (_, changes, expected) => {
    expect(repairsOf(changes)).toEqual(expected);
  });
});

describe("an entry of the due index", () => {
  it("is suspicious by its keys alone when its row would be found", () => {
    const suspicious = [overdue, keys("T#9", START_MS), keys("P#0", START_MS)].map((changes) =>
      isSuspicious(row(changes), OPTIONS),
    );
    expect(suspicious).toEqual([true, true, false]);
  });
});

it("has nothing to say of a row that a job sends again, confirmed, opened or failed", () => {
  const mark = { jobId: "job-1", version: 1, generation: 1, markedAt: 5 };
  const marked = (redelivery: Redelivery) => ({ redelivery: writeRedelivery(redelivery) });
  const confirmed = { ...state("CONFIRMED"), purgeAt: number(9) };
  for (const changes of [
    { ...confirmed, ...marked(mark) },
    { ...confirmed, ...marked({ ...mark, ended: { result: "turned_away", error: "paused" } }) },
    { ...keys("P#1", START_MS), ...state("PENDING"), ...marked({ ...mark, reopens: 0 }) },
  ])
    expect(judge(row(changes), OPTIONS)).toEqual({ repairs: [] });
});
