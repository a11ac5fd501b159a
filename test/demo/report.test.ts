import { expect, test } from "@jest/globals";
import type { Account, Finding } from "../../demo/account.ts";
import { progressText } from "../../demo/progress.ts";
import { accountLine, accountTable, isClean } from "../../demo/report.ts";

const CLEAN: Account = {
  inserted: 10_000,
  confirmed: 9_500,
  deadLettered: 500,
  superseded: 700,
  lost: 0,
  duplicates: 0,
  outOfOrder: 0,
  seconds: 30.5,
  perSecond: 327.9,
};

test("a run is clean only without losses, duplicates and disorder", () => {
  expect(isClean(CLEAN)).toBe(true);
  expect(isClean({ ...CLEAN, lost: 1 })).toBe(false);
  expect(isClean({ ...CLEAN, duplicates: 1 })).toBe(false);
  expect(isClean({ ...CLEAN, outOfOrder: 1 })).toBe(false);
});

test("with kills, as many duplicates are allowed as were in flight, and nothing else", () => {
  const killed = { kills: 4, duplicatesAllowed: 20 };
  expect(isClean({ ...CLEAN, duplicates: 20 }, killed)).toBe(true);
  expect(isClean({ ...CLEAN, duplicates: 21 }, killed)).toBe(false);
  expect(isClean({ ...CLEAN, lost: 1 }, killed)).toBe(false);
});

test("the line of --json has exactly the documented keys", () => {
  const keys = [
    "inserted",
    "confirmed",
    "deadLettered",
    "superseded",
    "lost",
    "duplicates",
    "outOfOrder",
    "seconds",
    "perSecond",
  ];
  expect(Object.keys(JSON.parse(accountLine(CLEAN)))).toEqual(keys);
  expect(Object.keys(JSON.parse(accountLine(CLEAN, { kills: 4, duplicatesAllowed: 20 })))).toEqual([
    ...keys,
    "duplicatesAllowed",
  ]);
});

test("the table says what is wrong, with a few examples of each kind", () => {
  const findings = Array.from({ length: 8 }, (_, index): Finding => ({
    kind: "lost",
    transactionId: `t-${index}`,
    detail: "not settled",
  }));
  const table = accountTable({ ...CLEAN, lost: 8 }, findings);
  expect(table).toContain("t-4: not settled");
  expect(table).not.toContain("t-5");
  expect(table).toContain("… and 3 more");
  expect(table).toContain("does not add up");
  expect(accountTable(CLEAN, [])).toContain("Every transaction is accounted for.");
});

test("the bar is empty at the start and full at the end", () => {
  const line = { inserted: 10, settled: 0, total: 10, deliveries: 0, kills: 0 };
  expect(progressText(line)).toMatch(/^░{30} 0\/10 settled/);
  expect(progressText({ ...line, settled: 10, kills: 2 })).toMatch(/^█{30} 10\/10 settled.*killed 2 ×$/);
});
