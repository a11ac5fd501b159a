import { expect, test } from "@jest/globals";
import { dueKeyFor, merchantKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { BAD_KINDS, fakeRow, type FakeTransaction } from "../../../core/transaction/fake-transaction.ts";

const SETTINGS = { dueShards: 16, merchantShards: 4, leaseMs: 900_000 };
const GOOD: FakeTransaction = {
  transactionId: "t-1",
  version: 1,
  merchantId: "m-1",
  occurredAt: new Date("2026-11-22T10:00:00Z"),
  amountCents: 1205,
  isLast: true,
};

test("a good row passes the pipeline's own check", () => {
  expect(parseTransaction(fakeRow(GOOD, SETTINGS, 0))).toEqual({
    transaction: {
      transactionId: "t-1",
      version: 1,
      merchantId: "m-1",
      outcome: "APPROVED",
      amount: "12.05",
      currency: "EUR",
      occurredAt: "2026-11-22T10:00:00.000Z",
    },
  });
});

test("a row carries the keys of both indexes and a lease from now", () => {
  const row = fakeRow(GOOD, SETTINGS, 5000);
  expect(row["dueKey"]).toEqual({ S: dueKeyFor("t-1", 16) });
  expect(row["dueAt"]).toEqual({ N: "905000" });
  expect(row["merchantKey"]).toEqual({ S: merchantKeyFor("m-1", "2026-11-22T10:00:00.000Z", "t-1", 4) });
});

test("a version that is not the last is authorized only", () => {
  expect(fakeRow({ ...GOOD, isLast: false }, SETTINGS, 0)["outcome"]).toEqual({ S: "AUTHORIZED" });
  expect(fakeRow({ ...GOOD, version: 2, amountCents: 20 }, SETTINGS, 0)["outcome"]).toEqual({ S: "REJECTED" });
});

test("the trace header of whoever inserts it goes along", () => {
  expect(fakeRow({ ...GOOD, traceHeader: "Root=1-2-3" }, SETTINGS, 0)["traceHeader"]).toEqual({ S: "Root=1-2-3" });
});

test.each(BAD_KINDS)("a bad row (%s) differs from the good one, and keeps id, version and lease", (bad) => {
  const row = fakeRow({ ...GOOD, bad }, SETTINGS, 0);
  const good = fakeRow(GOOD, SETTINGS, 0);
  expect(row).not.toEqual(good);
  for (const name of ["transactionId", "version", "dueKey", "dueAt"]) expect(row[name]).toEqual(good[name]);
});
