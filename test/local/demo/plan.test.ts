import { expect, test } from "@jest/globals";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { planTransactions, rowFor } from "../../../local/demo/plan.ts";

const SETTINGS = { dueShards: 4, merchantShards: 4, leaseMs: 30_000 };

function row(transaction: ReturnType<typeof planTransactions>[number], version: 1 | 2 = 1) {
  return rowFor({
    transaction,
    version,
    confirmationUrl: "http://127.0.0.1:9000/confirmations",
    settings: SETTINGS,
    maxBodyBytes: 8192,
    nowMs: 0,
  });
}

test("the same seed plans the same transactions, another seed others", () => {
  expect(planTransactions(500, 1)).toEqual(planTransactions(500, 1));
  expect(planTransactions(500, 1)).not.toEqual(planTransactions(500, 2));
});

test("of 10,000 about a tenth have a second version, and each kind of bad row occurs", () => {
  const plan = planTransactions(10_000, 1);
  const seconds = plan.filter(({ versions }) => versions === 2).length;
  expect(seconds).toBeGreaterThan(800);
  expect(seconds).toBeLessThan(1200);
  expect(new Set(plan.map(({ bad }) => bad)).size).toBe(8);
  expect(plan.filter(({ bad }) => bad !== undefined).length).toBeLessThan(100);
});

test("even a small run has a bad row", () => {
  expect(planTransactions(5, 1).some(({ bad }) => bad !== undefined)).toBe(true);
});

test("good rows pass the pipeline's own check, also in their second version", () => {
  for (const transaction of planTransactions(300, 3).filter(({ bad }) => bad === undefined)) {
    expect(parseTransaction(row(transaction))).toHaveProperty("transaction.version", 1);
    if (transaction.versions === 2)
      expect(parseTransaction(row(transaction, 2))).toHaveProperty(
        "transaction.outcome",
        expect.stringMatching(/APPROVED|REJECTED/),
      );
  }
});

test("a body too large is larger than the limit by its payload alone", () => {
  const tooLarge = planTransactions(2000, 1).find(({ bad }) => bad === "body too large");
  expect(tooLarge).toBeDefined();
  if (tooLarge) expect(JSON.stringify(row(tooLarge)["payload"]).length).toBeGreaterThan(8192);
});

test("one in twenty has an ordering key, and names an earlier one of that key or rests on the queue", () => {
  const plan = planTransactions(10_000, 1);
  const ordered = plan.filter(({ orderingKey }) => orderingKey !== undefined);
  expect(ordered.length).toBe(500);
  expect(ordered.every(({ versions, bad }) => versions === 1 && bad === undefined)).toBe(true);
  const seen = new Map<string, string>();
  for (const { transactionId, merchantId, orderingKey, orderingAfter } of ordered) {
    const key = `${merchantId} ${orderingKey}`;
    if (orderingAfter !== undefined) expect(orderingAfter).toBe(seen.get(key));
    seen.set(key, transactionId);
  }
  const named = ordered.filter(({ orderingAfter }) => orderingAfter !== undefined);
  expect(named.length).toBeGreaterThan(250);
  expect(named.length).toBeLessThan(350);
  const held = ordered.filter(({ merchantId }) => merchantId === "failing-at-first-1");
  expect(
    Math.max(...[...Map.groupBy(held, ({ orderingKey }) => orderingKey).values()].map(({ length }) => length)),
  ).toBe(3);
});
