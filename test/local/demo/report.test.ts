import { expect, test } from "@jest/globals";
import type { Account, Finding } from "../../../local/demo/evidence.ts";
import { progressText } from "../../../local/demo/progress.ts";
import { accountLine, accountTable, isClean, unexplained } from "../../../local/demo/report.ts";

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

const HEALTHY = { confirmed: 8_900, seconds: 12.3, perSecond: 723.6 };

const duplicate = (webhookId: string): Finding => ({
  kind: "duplicate",
  transactionId: "t",
  webhookId,
  detail: "again",
});
const lost: Finding = { kind: "lost", transactionId: "t", detail: "no outcome" };

test("a run is clean only without findings", () => {
  expect(isClean(CLEAN, [])).toBe(true);
  expect(isClean({ ...CLEAN, lost: 1 }, [lost])).toBe(false);
  expect(isClean({ ...CLEAN, duplicates: 1 }, [duplicate("msg_1")])).toBe(false);
  expect(isClean({ ...CLEAN, outOfOrder: 1 }, [{ ...lost, kind: "out of order" }])).toBe(false);
});

test("with kills, what was in flight explains a duplicate of its own and nothing else", () => {
  expect(unexplained([duplicate("msg_1"), duplicate("msg_2"), lost], ["msg_1"])).toEqual([duplicate("msg_2"), lost]);
});

test("with kills, there may be as many duplicates as were in flight", () => {
  const killed = { kills: 4, duplicatesAllowed: 20 };
  expect(isClean({ ...CLEAN, duplicates: 20 }, [], killed)).toBe(true);
  expect(isClean({ ...CLEAN, duplicates: 21 }, [], killed)).toBe(false);
  expect(isClean({ ...CLEAN, duplicates: 1 }, [duplicate("msg_1")], killed)).toBe(false);
});

test("what the worker says that it sent once more in an attempt allows as many duplicates", () => {
  expect(isClean({ ...CLEAN, duplicates: 2 }, [], undefined, 2)).toBe(true);
  expect(isClean({ ...CLEAN, duplicates: 3 }, [], undefined, 2)).toBe(false);
  expect(accountTable({ ...CLEAN, duplicates: 2 }, [], HEALTHY, undefined, 2)).toContain(
    "Every transaction is accounted for.",
  );
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
    "healthySeconds",
    "healthyPerSecond",
  ];
  expect(Object.keys(JSON.parse(accountLine(CLEAN, HEALTHY)))).toEqual(keys);
  expect(Object.keys(JSON.parse(accountLine(CLEAN, HEALTHY, { kills: 4, duplicatesAllowed: 20 })))).toEqual([
    ...keys,
    "duplicatesAllowed",
  ]);
});

test("the table says what is wrong, with a few examples of each kind", () => {
  const findings = Array.from({ length: 8 }, (_, index): Finding => ({
    kind: "lost",
    transactionId: `t-${index}`,
    detail: "no outcome",
  }));
  const table = accountTable({ ...CLEAN, lost: 8 }, findings, HEALTHY);
  expect(table).toContain("t-4: no outcome");
  expect(table).not.toContain("t-5");
  expect(table).toContain("… and 3 more");
  expect(table).toContain("does not add up");
  expect(accountTable(CLEAN, [], HEALTHY)).toContain("Every transaction is accounted for.");
});

test("the table tells the speed of healthy merchants apart from the wait for the others", () => {
  const table = accountTable(CLEAN, [], HEALTHY);
  expect(table).toMatch(/healthy +723\.6 +a second to merchants that are well: 8,900 of them/);
  expect(table).toMatch(/… took +12\.3 +seconds from the first insert/);
  expect(table).toMatch(/all took +30\.5 +seconds until the failing, hanging and gone ones/);
  expect(table).not.toContain("327.9");
});

test("the bar is empty at the start and full at the end", () => {
  const line = { inserted: 10, terminal: 0, total: 10, deliveries: 0, kills: 0 };
  expect(progressText(line)).toMatch(/^░{30} 0\/10 with an outcome/);
  expect(progressText({ ...line, terminal: 10, kills: 2 })).toMatch(/^█{30} 10\/10 with an outcome.*killed 2 ×$/);
});
