/** Changes of rows that were erased: nothing is sent or undone for them, and what comes back is taken away again. */
import { describe, expect, it } from "@jest/globals";
import { acknowledgeStatement } from "../../../core/aws/statements/acknowledge.ts";
import { transactionStep } from "../../../core/events/transaction-events.ts";
import { writeAccepted } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { judgeAcknowledgement } from "../../../core/transaction/row/acknowledgement.ts";
import { erasedAtOf } from "../../../core/transaction/row/erased.ts";
import { erasureOf, firstErasureOf } from "../../../core/transaction/row/erasure.ts";
import { stateOf } from "../../../core/transaction/row/row-state.ts";
import { decide } from "../../../lambdas/stream-transactions/decide.ts";
import { runUpdate } from "../../../tools/simulate/aws/partiql.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { changed, type Changes, contentIn, number, text, transactionRow } from "../../support/rows.ts";

const SECRET = "Jane Roe";
const options = { table: "Transactions", dueShards: 1, merchantShards: 1, leaseMs: 900_000, now: START_MS };
const payload = { M: { name: text(SECRET) } };
const full = transactionRow({ payload, orderingKey: text(SECRET), merchantKey: text("m-1#2026-11-22#0") });
const attempts = {
  L: [{ M: { at: number(1), durationMs: number(2), outcome: text("delivered"), answer: text(SECRET) } }],
};
const recorded: Changes = {
  stateVersion: number(1),
  attemptCount: number(1),
  attempts,
  accepted: writeAccepted(1, contentIn(full)),
  settledAt: number(START_MS - 1000),
};
const CONFIRMED = changed(full, { ...recorded, confirmationState: text("CONFIRMED") });
const FAILED = changed(full, {
  ...recorded,
  confirmationState: text("FAILED"),
  failure: { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text(SECRET) } },
  failedKey: text("m-1#0"),
  failedAt: text(`attempts_exhausted#${new Date(START_MS - 1000).toISOString()}`),
});

function erased(row: AttributeMap): AttributeMap {
  const { set, remove } = firstErasureOf(row, START_MS);
  return changed(row, { ...set, ...Object.fromEntries(remove.map((name) => [name, undefined])) });
}

/** What the function makes of a change, and of what its own writes change, until there is nothing to do. */
function settledAfter(oldImage: AttributeMap, newImage: AttributeMap): AttributeMap {
  let [before, now] = [oldImage, newImage];
  for (let turn = 0; turn < 5; turn += 1) {
    const { statement, message, quarantined, isContentChanged } = decide({ newImage: now, oldImage: before }, options);
    expect([message, quarantined, isContentChanged]).toEqual([undefined, undefined, undefined]);
    if (statement === undefined) return now;
    const next = runUpdate(statement, now);
    if (next === undefined) throw new Error(`refused: ${statement.text}`);
    [before, now] = [now, next];
  }
  throw new Error("it does not come to an end");
}

describe.each([
  ["confirmed", CONFIRMED],
  ["failed", FAILED],
])("one that was %s", (_, row) => {
  it("is erased, and nothing follows from that but the event that tells of it", () => {
    const after = erased(row);
    expect(settledAfter(row, after)).toEqual(after);
    const step = transactionStep({ oldImage: row, newImage: after });
    expect(step?.type).toBe("transaction.erased");
    expect(JSON.stringify(step)).not.toContain(SECRET);
  });

  it("stays erased though its producer puts the same version once more", () => {
    const after = erased(row);
    const { merchantKey } = row;
    expect(settledAfter(after, changed(full, { merchantKey: undefined }))).toEqual({ ...after, merchantKey });
  });

  it("loses what its producer writes to it, and what a call brings that ended late", () => {
    const after = erased(row);
    const late = changed(after, { payload, attempts, attemptCount: number(1), "a note": text(SECRET) });
    expect(settledAfter(after, late)).toEqual(after);
  });

  it("stays erased though somebody writes back what it was before", () => {
    const after = erased(row);
    expect(settledAfter(after, row)).toEqual(after);
  });

  it("is erased no more with a higher version, which is another content", () => {
    const after = erased(row);
    const raised = changed(after, { version: number(3), payload });
    const decision = decide({ newImage: raised, oldImage: after }, options);
    expect(decision.message).toMatchObject({ version: 3 });
    const now = decision.statement && runUpdate(decision.statement, raised);
    expect([now?.["erasedAt"], now?.["erasedVersion"], now?.["payload"]]).toEqual([undefined, undefined, payload]);
    expect(erasedAtOf(raised)).toBeUndefined();
  });
});

it("one that failed and is acknowledged all the same stays erased, whatever its producer puts", () => {
  const failed = erased(FAILED);
  const verdict = judgeAcknowledgement(failed, 1);
  const statement = acknowledgeStatement("Transactions", failed, { version: 1, at: START_MS, by: "callback" }, 90);
  const after = runUpdate(statement, failed) ?? {};
  expect([verdict, stateOf(after), erasureOf(after)]).toEqual(["take", "CONFIRMED", undefined]);
  expect(settledAfter(failed, after)).toEqual(after);
  const { merchantKey } = after;
  expect(settledAfter(after, changed(full, { merchantKey: undefined }))).toEqual({ ...after, merchantKey });
});
