/**
 * The table in memory, which most tests rest on, against DynamoDB Local: random rows, every statement, the same row
 * afterwards.
 */
import { beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  claimStatement,
  moveStatement,
  reopenStatement,
  repeatStatement,
  unclaimStatement,
} from "../../../../core/aws/statements/requeue.ts";
import {
  leaveDueIndexStatement,
  listFailedStatement,
  rememberHighestStatement,
  repairStatement,
  restoreStatement,
} from "../../../../core/aws/statements/repair.ts";
import {
  confirmAsSeenStatement,
  contentChangedStatement,
  pinStatement,
} from "../../../../core/aws/statements/content.ts";
import { confirmStatement } from "../../../../core/aws/statements/confirm.ts";
import { failStatement, quarantineRowStatement } from "../../../../core/aws/statements/complete.ts";
import type { Statement } from "../../../../core/aws/statements/statement.ts";
import {
  markStatement,
  redeliveredBarelyStatement,
  redeliveredStatement,
} from "../../../../core/aws/statements/redelivery.ts";
import { attemptStatement, parkStatement, stayStatement } from "../../../../core/aws/statements/wait.ts";
import { writeAccepted } from "../../../../core/transaction/accepted.ts";
import type { AttributeMap, AttributeValue } from "../../../../core/transaction/attribute-value.ts";
import type { WriteResult } from "../../../../core/aws/transactions-table.ts";
import { failure } from "../../../../core/transaction/failure.ts";
import { failedListing } from "../../../../core/transaction/row/failed-listing.ts";
import { writeRedelivery } from "../../../../core/transaction/row/redelivery.ts";
import { STATES } from "../../../../core/transaction/row/row-state.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { MemoryTable } from "../../../support/memory-table.ts";
import { type Changes, contentIn, number, text, transactionRow } from "../../../support/rows.ts";

const TABLE = "Transactions";
const BATCHES = 60;
const progress = {
  attemptCount: 1,
  attempts: [{ at: 1, durationMs: 2, outcome: "status_5xx", status: 500 }],
  giveUpAt: 9,
};
const reason = failure("url_missing", "no URL");
const LISTING = failedListing("m-1", "t-1", reason, 1000, 1);
const content = contentIn(transactionRow());
/** As some reader saw a row. */
const asSeen = (transactionId: string, version: number): AttributeMap =>
  transactionRow({
    transactionId: text(transactionId),
    version: number(version),
    confirmationState: text("CONFIRMED"),
    stateVersion: number(1),
  });

const owed = { jobId: "job-1", version: 1, generation: 1, markedAt: 7 };

type Make = (id: string, version: number, release: number) => Statement;

const MADE: Readonly<Record<string, Make>> = {
  confirm: (transactionId, version, release) =>
    confirmStatement(TABLE, { transactionId, version, release }, progress, contentIn(transactionRow()), 1000, 1),
  confirmAsSeen: (transactionId, version, release) => {
    const row = transactionRow({ transactionId: text(transactionId), version: number(version) });
    return confirmAsSeenStatement(TABLE, row, { transactionId, version, release }, progress, 1000, 1);
  },
  pin: (transactionId, version, release) => pinStatement(TABLE, { transactionId, version, release }, content),
  contentChanged: (transactionId, version, release) => {
    const listing = failedListing("m-1", transactionId, reason, 1000, 1);
    const change = { accepted: content, failure: reason, merchantKey: "m-1#2026-11-22#0", listing };
    const found = { attemptCount: 1, attempts: [], release };
    return contentChangedStatement(TABLE, asSeen(transactionId, version), version, { ...change, found }, 1000, 1);
  },
  attempt: (transactionId, version, release) => attemptStatement(TABLE, { transactionId, version, release }, progress),
  stay: (transactionId, version, release) =>
    stayStatement(TABLE, { transactionId, version, release }, progress, {
      nextTryAt: 70,
      dueKey: "O#0",
      dueAt: 77,
    }),
  repeat: (transactionId, version, release) => repeatStatement(TABLE, { transactionId, version, release }, 1, 88, 5),
  move: (transactionId, version, release) => moveStatement(TABLE, { transactionId, version, release }, "O#0", 5),
  park: (transactionId, version, release) =>
    parkStatement(TABLE, { transactionId, version, release }, progress, "T#0", 77),
  fail: (transactionId, version, release) =>
    failStatement(TABLE, { transactionId, version, release }, progress, reason, 1000, 1, LISTING),
  reopen: (transactionId, version, release) => reopenStatement(TABLE, { transactionId, version, release }, "T#0", 77),
  claim: (transactionId, version, release) =>
    claimStatement(TABLE, { transactionId, version, release }, true, 1, "P#0", 88, 5),
  unclaim: (transactionId, version, release) =>
    unclaimStatement(TABLE, {
      target: { transactionId, version, release },
      claimed: { dueAt: 5, unheardReleases: 1 },
      before: { state: "SCHEDULED", dueKey: "T#0", dueAt: 77, unheardReleases: 0 },
    }),
  repair: (transactionId, version) =>
    repairStatement(TABLE, transactionId, version, { dueKey: text("T#1"), dueAt: number(3) }, ["purgeAt"]),
  restore: (transactionId, version) =>
    restoreStatement(TABLE, transactionId, version, { releaseNumber: number(4) }, ["dueKey", "dueAt"]),
  leaveIndex: (transactionId, version) => leaveDueIndexStatement(TABLE, transactionId, version),
  quarantine: (transactionId, version) =>
    quarantineRowStatement(
      TABLE,
      { transactionId: text(transactionId), version: number(version) },
      3,
      reason,
      1000,
      1,
      LISTING,
    ),
  quarantineUnreadable: (transactionId) =>
    quarantineRowStatement(TABLE, { transactionId: text(transactionId) }, 0, reason, 1000, 1, undefined),
  listFailed: (transactionId, version) => listFailedStatement(TABLE, asSeen(transactionId, version), LISTING),
  leaveFailed: (transactionId, version) => listFailedStatement(TABLE, asSeen(transactionId, version), undefined),
  mark: (transactionId, version) => markStatement(TABLE, asSeen(transactionId, version), { ...owed, markedAt: 1000 }),
  markAgain: (transactionId, version) => {
    const seen = { ...asSeen(transactionId, version), redelivery: writeRedelivery(owed) };
    return markStatement(TABLE, seen, { jobId: "job-2", generation: 1, markedAt: 1000 });
  },
  redelivered: (transactionId, version) =>
    redeliveredStatement(TABLE, { transactionId, version }, owed, { result: "status_5xx", at: 9, status: 500 }),
  redeliveredBarely: (transactionId, version) =>
    redeliveredBarelyStatement(TABLE, { transactionId, version }, owed, true),
  rememberHighest: (transactionId, version) => rememberHighestStatement(TABLE, transactionId, version),
};

const numeric = (...values: (number | undefined)[]) =>
  fc.constantFrom(...values).map((value) => (value === undefined ? undefined : number(value)));
const attribute = (...values: (AttributeValue | undefined)[]) => fc.constantFrom(...values);
/** What statements compare is mostly as they expect it, so that some are written and some are not. */
const changes = fc.record({
  version: attribute(number(1), number(1), number(1), number(2), undefined, undefined, text("1")),
  stateVersion: numeric(1, 1, 1, 2, undefined),
  releaseNumber: numeric(0, 1, undefined, undefined),
  confirmationState: attribute(undefined, ...STATES.map(text), text("FAILED")),
  highestVersion: numeric(1, 2, undefined),
  dueAt: attribute(undefined, number(5), number(5)),
  dueKey: attribute(undefined, text("T#0")),
  purgeAt: attribute(undefined, number(1)),
  amount: attribute(...[1, 2, 3, 4].map(() => text("12.50")), text("99.00")),
  accepted: attribute(undefined, undefined, text("any"), writeAccepted(1, content), writeAccepted(2, content)),
  failure: attribute(
    undefined,
    undefined,
    text("any"),
    ...["expired", "content_changed"].map((code) => ({ M: { code: text(code) } })),
  ),
});
/** As the writes that name what they saw of a row expect it. */
const seenBefore = fc.constantFrom<Changes>(
  { version: number(1), dueKey: text("T#0"), dueAt: number(5) },
  { version: number(1), stateVersion: number(1), confirmationState: text("CONFIRMED") },
  ...[owed, { ...owed, ended: { result: "delivered" } }].map((redelivery) => ({
    version: number(1),
    stateVersion: number(1),
    confirmationState: text("CONFIRMED"),
    redelivery: writeRedelivery(redelivery),
  })),
  { version: number(1), stateVersion: number(1), confirmationState: text("FAILED"), dueKey: text("T#0") },
);
const cases = fc.record({
  row: fc.option(fc.oneof(changes, seenBefore), {
    nil: undefined,
    freq: 12,
  }),
  name: fc.constantFrom(...Object.keys(MADE)),
  version: fc.constantFrom(1, 1, 1, 2),
  release: fc.constantFrom(0, 0, 1),
});

let dynamodb: DynamoDbLocal;
export function describeMemoryTable(started: () => DynamoDbLocal): void {
  beforeAll(() => {
    dynamodb = started();
  });

  describe("the table in memory", () => {
    it("does with every statement what DynamoDB does", async () => {
      const seen = new Set<string>();
      const batches = fc.sample(fc.array(cases, { minLength: 25, maxLength: 25 }), {
        numRuns: BATCHES,
        seed: 20_261_122,
      });
      for (const batch of batches) {
        const memory = new MemoryTable();
        const ids = batch.map((_, index) => `t-${index}`);
        for (const [index, { row }] of batch.entries())
          if (row !== undefined)
            memory.put(transactionRow({ transactionId: text(`t-${index}`), unheardReleases: number(1), ...row }));
        await dynamodb.change(
          [...memory.rows.values()],
          ids.filter((id) => !memory.rows.has(id)),
        );

        const made = batch.map(({ name, version, release }, index) =>
          (MADE[name] as Make)(`t-${index}`, version, release),
        );
        const [got, expected] = [await memory.write(made), await dynamodb.table.write(made)];

        const reported = (results: WriteResult[], rows: ReadonlyMap<string, AttributeMap>): unknown =>
          batch.map((one, index) => ({ case: one, result: results[index]?.kind, row: plain(rows.get(`t-${index}`)) }));
        expect(reported(got, memory.rows)).toEqual(reported(expected, await dynamodb.table.read(ids)));
        for (const [index, { name }] of batch.entries()) seen.add(`${name}: ${got[index]?.kind}`);
      }
      // A statement that was never written, or never refused, was not compared.
      for (const name of Object.keys(MADE))
        expect([...seen]).toEqual(expect.arrayContaining([`${name}: written`, `${name}: condition failed`]));
    });
  });
}

function plain(row: AttributeMap | undefined): unknown {
  return row === undefined ? undefined : JSON.parse(JSON.stringify(row));
}
