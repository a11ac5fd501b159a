import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { takeAccount } from "../../../local/demo/account.ts";
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";
import type { DeadLetter, Evidence, InsertedTransaction, TerminalRow } from "../../../local/demo/evidence.ts";

let sequence = 0;

function delivery(transactionId: string, version: number, changes: Partial<Delivery> = {}): Delivery {
  sequence += 1;
  const webhookId = `msg_${transactionId}_${version}`;
  return {
    sequence,
    merchantId: "m",
    webhookId,
    transactionId,
    version,
    verified: true,
    arrivedAtMs: sequence,
    responseStatus: 200,
    ...changes,
  };
}

function unanswered(transactionId: string, version: number): Delivery {
  const { responseStatus: _none, ...rest } = delivery(transactionId, version);
  return rest;
}

const FAILURE = { code: "attempts_exhausted", reason: "The last of 4 attempts failed." };
const confirmed = (transactionId: string, version: number): TerminalRow => ({
  transactionId,
  version,
  state: "CONFIRMED",
});
const failed = (transactionId: string, version: number): TerminalRow => ({
  transactionId,
  version,
  state: "FAILED",
  failure: FAILURE,
});
const deadLetter = (transactionId: string, version: number): DeadLetter => ({ transactionId, version, ...FAILURE });
const inserted = (transactionId: string, ...versions: number[]): InsertedTransaction => ({ transactionId, versions });

/** One transaction of each good end: confirmed, raised and confirmed, superseded, dead-lettered. */
function goodRun(): Evidence {
  return {
    inserted: [inserted("a", 1), inserted("b", 1, 2), inserted("c", 1, 2), inserted("d", 1)],
    deliveries: [
      delivery("a", 1, { responseStatus: 503 }),
      delivery("b", 1),
      delivery("d", 1, { responseStatus: 500 }),
      delivery("b", 2),
      delivery("c", 2),
      delivery("a", 1, { responseStatus: 204 }),
    ],
    rows: [confirmed("a", 1), confirmed("b", 2), confirmed("c", 2), failed("d", 1)],
    deadLetters: [deadLetter("d", 1)],
    seconds: 2,
  };
}

function lossOf(changes: Partial<Evidence>) {
  const { account, findings } = takeAccount({ ...goodRun(), ...changes });
  return { lost: account.lost, detail: findings.find(({ kind }) => kind === "lost")?.detail };
}

test("a good run adds up: each transaction once, in its newest version", () => {
  const { account, findings } = takeAccount(goodRun());
  expect(account).toEqual({
    inserted: 4,
    confirmed: 3,
    deadLettered: 1,
    superseded: 1,
    lost: 0,
    duplicates: 0,
    outOfOrder: 0,
    seconds: 2,
    perSecond: 2,
  });
  expect(findings).toEqual([]);
});

test("a transaction that has gone from the table is lost", () => {
  expect(lossOf({ rows: goodRun().rows.slice(1) })).toEqual({ lost: 1, detail: "it is not in the table" });
});

test("a transaction that is confirmed in the table only is lost", () => {
  const deliveries = goodRun().deliveries.filter(({ transactionId }) => transactionId !== "c");
  expect(lossOf({ deliveries })).toEqual({
    lost: 1,
    detail: "the table says CONFIRMED, its merchant did not accept it",
  });
});

test("an answer that the caller could not hear confirms nothing", () => {
  const deliveries = [...goodRun().deliveries.filter(({ transactionId }) => transactionId !== "c"), unanswered("c", 2)];
  expect(lossOf({ deliveries }).lost).toBe(1);
});

test("a delivery whose signature does not hold confirms nothing", () => {
  const deliveries = goodRun().deliveries.map((one) => (one.transactionId === "c" ? { ...one, verified: false } : one));
  expect(lossOf({ deliveries }).lost).toBe(1);
});

test("a transaction that is confirmed by its merchant only is lost", () => {
  const rows = goodRun().rows.map((row) => (row.transactionId === "a" ? { ...row, state: "PENDING" } : row));
  expect(lossOf({ rows })).toEqual({ lost: 1, detail: "its merchant accepted it, the table says PENDING" });
});

test("a transaction that its merchant accepted and the table gave up is lost", () => {
  expect(lossOf({ deliveries: [...goodRun().deliveries, delivery("d", 1)] })).toEqual({
    lost: 1,
    detail: "its merchant accepted it, the table says FAILED",
  });
});

test("a transaction that its merchant accepted before its content was changed is dead-lettered", () => {
  const failure = { code: "content_changed", reason: "amount" };
  const rows = goodRun().rows.map((row) => (row.transactionId === "d" ? { ...row, failure } : row));
  const deliveries = [...goodRun().deliveries, delivery("d", 1)];
  expect(takeAccount({ ...goodRun(), rows, deliveries }).account).toMatchObject({ deadLettered: 1, lost: 0 });
  expect(lossOf({ rows, deliveries, deadLetters: [] }).lost).toBe(1);
});

test("a confirmed transaction that is in the dead-letter queue as well is lost", () => {
  expect(lossOf({ deadLetters: [...goodRun().deadLetters, deadLetter("c", 2)] }).lost).toBe(1);
});

test("a dead letter of an older version does not speak against the newer one that was confirmed", () => {
  expect(lossOf({ deadLetters: [...goodRun().deadLetters, deadLetter("c", 1)] }).lost).toBe(0);
});

test("a version that was confirmed does not settle the newer one", () => {
  const rows = goodRun().rows.map((row) => (row.transactionId === "b" ? confirmed("b", 1) : row));
  expect(lossOf({ rows })).toEqual({ lost: 1, detail: "the table holds version 1, inserted was 2" });
});

test("a failed transaction without dead letter is lost", () => {
  expect(lossOf({ deadLetters: [] }).detail).toMatch(/not in the dead-letter queue/);
});

test("a failed transaction without a reason, in the table or in the message, is lost", () => {
  expect(lossOf({ deadLetters: [{ ...deadLetter("d", 1), reason: "" }] }).lost).toBe(1);
  expect(
    lossOf({
      rows: goodRun().rows.map((row) =>
        row.transactionId === "d" ? { ...row, failure: { code: "x", reason: "" } } : row,
      ),
    }).lost,
  ).toBe(1);
});

test("a transaction without an outcome is lost", () => {
  const rows = goodRun().rows.map((row) =>
    row.transactionId === "d" ? { transactionId: "d", version: 1, state: "SCHEDULED" } : row,
  );
  expect(lossOf({ rows })).toEqual({ lost: 1, detail: "no outcome, the table says SCHEDULED" });
});

test("a delivery after a 2xx is a duplicate, whatever it is answered", () => {
  for (const responseStatus of [200, 500]) {
    const run = goodRun();
    const { account } = takeAccount({ ...run, deliveries: [...run.deliveries, delivery("c", 2, { responseStatus })] });
    expect(account).toMatchObject({ duplicates: 1, lost: 0, outOfOrder: 0 });
  }
});

test("a retry after a failure, or after an answer nobody heard, is no duplicate", () => {
  const { account } = takeAccount({
    inserted: [inserted("a", 1)],
    deliveries: [delivery("a", 1, { responseStatus: 500 }), unanswered("a", 1), delivery("a", 1)],
    rows: [confirmed("a", 1)],
    deadLetters: [],
    seconds: 1,
  });
  expect(account).toMatchObject({ duplicates: 0, confirmed: 1 });
});

test("the same version under another webhook-id is a duplicate too, since its merchant could not tell", () => {
  const run = goodRun();
  const { account } = takeAccount({
    ...run,
    deliveries: [...run.deliveries, delivery("c", 2, { webhookId: "msg_other" })],
  });
  expect(account.duplicates).toBe(1);
});

test("a version delivered after a newer one is out of order, even if the newer one failed", () => {
  const { account } = takeAccount({
    inserted: [inserted("a", 1, 2)],
    deliveries: [delivery("a", 2, { responseStatus: 500 }), delivery("a", 1), delivery("a", 2)],
    rows: [confirmed("a", 2)],
    deadLetters: [],
    seconds: 1,
  });
  expect(account).toMatchObject({ outOfOrder: 1, duplicates: 0, lost: 0 });
});

test("order is that of arrival, not that of the list", () => {
  const [first, second] = [delivery("b", 1), delivery("b", 2)];
  const { account } = takeAccount({
    inserted: [inserted("b", 1, 2)],
    deliveries: [second, first],
    rows: [confirmed("b", 2)],
    deadLetters: [],
    seconds: 1,
  });
  expect(account.outOfOrder).toBe(0);
});

/** A run of any size in which everything ended well. */
const perfectRuns = fc
  .array(
    fc.record({
      versions: fc.integer({ min: 1, max: 3 }),
      isFailed: fc.boolean(),
      tries: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((shapes): Evidence => {
    const transactions = shapes.map((shape, index) => ({ ...shape, transactionId: `t${index}` }));
    return {
      inserted: transactions.map(({ transactionId, versions }) =>
        inserted(transactionId, ...Array.from({ length: versions }, (_, index) => index + 1)),
      ),
      deliveries: transactions.flatMap(({ transactionId, versions, isFailed, tries }) => [
        ...Array.from({ length: tries }, () => delivery(transactionId, versions, { responseStatus: 503 })),
        ...(isFailed ? [] : [delivery(transactionId, versions)]),
      ]),
      rows: transactions.map(({ transactionId, versions, isFailed }) =>
        (isFailed ? failed : confirmed)(transactionId, versions),
      ),
      deadLetters: transactions
        .filter(({ isFailed }) => isFailed)
        .map(({ transactionId, versions }) => deadLetter(transactionId, versions)),
      seconds: 1,
    };
  });

test("property: each transaction is counted exactly once, and a perfect run has no findings", () => {
  fc.assert(
    fc.property(perfectRuns, (run) => {
      const { account, findings } = takeAccount(run);
      expect(account.confirmed + account.deadLettered).toBe(account.inserted);
      expect(findings).toEqual([]);
    }),
  );
});

test("property: any one piece of evidence that settles a transaction, taken away, makes exactly that one lost", () => {
  fc.assert(
    fc.property(perfectRuns, fc.nat(), fc.boolean(), (run, pick, fromTable) => {
      const victim = run.inserted[pick % run.inserted.length]?.transactionId;
      const without = <T extends { transactionId: string }>(list: readonly T[]) =>
        list.filter(({ transactionId }) => transactionId !== victim);
      const changed = fromTable
        ? { ...run, rows: without(run.rows) }
        : { ...run, deliveries: without(run.deliveries), deadLetters: without(run.deadLetters) };
      const { account, findings } = takeAccount(changed);
      expect(account.lost).toBe(1);
      expect(findings.map(({ transactionId }) => transactionId)).toEqual([victim]);
    }),
  );
});

test("property: repeating accepted deliveries is counted, each as one duplicate", () => {
  fc.assert(
    fc.property(perfectRuns, fc.nat({ max: 5 }), (run, repeats) => {
      const accepted = run.deliveries.find(({ responseStatus }) => responseStatus === 200);
      fc.pre(accepted !== undefined);
      const again = Array.from({ length: repeats }, () => delivery(accepted.transactionId, accepted.version));
      expect(takeAccount({ ...run, deliveries: [...run.deliveries, ...again] }).account.duplicates).toBe(repeats);
    }),
  );
});

/** Without a word of the job. */
const silently = (one: Delivery): Delivery => delivery(one.transactionId, one.version);

test("what a job sends again, and says so, is no duplicate, whenever it comes; without a word of it it is one", () => {
  const run = goodRun();
  const again = delivery("a", 1, { redelivery: "job-1" });
  expect(takeAccount({ ...run, deliveries: [...run.deliveries, again] }).findings).toEqual([]);
  expect(takeAccount({ ...run, deliveries: [...run.deliveries, silently(again)] }).account.duplicates).toBe(1);
});

test("one that had failed and was delivered when a job sent it again is confirmed, though its letter is there", () => {
  const run = goodRun();
  const rows = [...run.rows.filter(({ transactionId }) => transactionId !== "d"), confirmed("d", 1)];
  const again = delivery("d", 1, { redelivery: "job-1" });
  const good = takeAccount({ ...run, rows, deliveries: [...run.deliveries, again] });
  expect(good.account).toMatchObject({ confirmed: 4, deadLettered: 0, lost: 0, duplicates: 0 });
  expect(takeAccount({ ...run, rows, deliveries: [...run.deliveries, silently(again)] }).account.lost).toBe(1);
});
