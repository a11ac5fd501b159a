/** The mark of a job and the result of a redelivery against DynamoDB Local: when each is taken, and what it leaves. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { confirmStatement } from "../../../../core/aws/statements/confirm.ts";
import {
  markStatement,
  redeliveredBarelyStatement,
  redeliveredStatement,
} from "../../../../core/aws/statements/redelivery.ts";
import type { Statement } from "../../../../core/aws/statements/statement.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { type Redelivery, redeliveryOf, writeRedelivery } from "../../../../core/transaction/row/redelivery.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { type Changes, contentIn, number, text, transactionRow } from "../../../support/rows.ts";

const TABLE = "Transactions";
const MARK = { jobId: "job-1", generation: 1, markedAt: 1_795_341_600_000 };
const owed: Redelivery = { ...MARK, version: 2 };
const ended = { result: "status_5xx", at: 1_795_341_601_000, status: 503, error: "got 503" };
const SECONDS = MARK.markedAt / 1000;

let dynamodb: DynamoDbLocal;
let count = 0;

function rowIn(state: string, changes: Changes = {}): AttributeMap {
  count += 1;
  const counts = { version: number(2), stateVersion: number(2), releaseNumber: number(3) };
  return transactionRow({ ...counts, confirmationState: text(state), ...changes, transactionId: text(`r-${count}`) });
}

/** @param changes to the row between the look at it and the write */
async function run(
  row: AttributeMap,
  make: (row: AttributeMap) => Statement,
  changes: Changes = {},
): Promise<[string | undefined, AttributeMap]> {
  await dynamodb.put(transactionRow({ ...row, ...changes }));
  const [result] = await dynamodb.table.write([make(row)]);
  return [result?.kind, (await dynamodb.get(row["transactionId"]?.S ?? "")) ?? {}];
}

const mark = (row: AttributeMap) => markStatement(TABLE, row, MARK);
const again = (row: AttributeMap) => markStatement(TABLE, row, { ...MARK, generation: 2 });
const record = (row: AttributeMap) =>
  redeliveredStatement(TABLE, { transactionId: row["transactionId"]?.S ?? "", version: 2 }, owed, ended);

export function describeRedelivery(started: () => DynamoDbLocal): void {
  beforeAll(() => {
    dynamodb = started();
  });

  describe("the mark of a job", () => {
    it("is put on a confirmed row, and changes nothing else", async () => {
      const row = rowIn("CONFIRMED", { settledAt: number(7), attempts: { L: [] } });
      const [kind, after] = await run(row, mark);
      expect(kind).toBe("written");
      expect(after).toEqual({ ...row, redelivery: writeRedelivery(owed) });
    });

    it("is put on a failed row, with the generation at which it is opened", async () => {
      const [kind, after] = await run(rowIn("FAILED", { failedKey: text("m-1#0"), failedAt: text("expired#x") }), mark);
      expect(kind).toBe("written");
      expect(redeliveryOf(after)).toEqual({ ...owed, reopens: 3 });
      expect(after).toMatchObject({ confirmationState: text("FAILED"), failedKey: text("m-1#0") });
    });

    it.each([
      ["that would be deleted within days is kept for seven", SECONDS + 60, SECONDS + 7 * 86_400],
      ["that is kept for longer is kept for as long", SECONDS + 90 * 86_400, SECONDS + 90 * 86_400],
    ])("on a row %s", async (_, purgeAt, expected) => {
      const [, after] = await run(rowIn("CONFIRMED", { purgeAt: number(purgeAt) }), mark);
      expect(after["purgeAt"]).toEqual(number(expected));
    });

    it.each<[string, Changes]>([
      ["raised", { version: number(3) }],
      ["wiped", { confirmationState: undefined, stateVersion: undefined }],
      ["given up for its content", { confirmationState: text("FAILED") }],
      ["marked by another job", { redelivery: writeRedelivery({ ...owed, jobId: "job-2" }) }],
      ["marked by this job", { redelivery: writeRedelivery(owed) }],
    ])("is refused where the row was %s meanwhile", async (_, changes) => {
      expect((await run(rowIn("CONFIRMED"), mark, changes))[0]).toBe("condition failed");
    });

    it("is refused on a failed row that was opened meanwhile", async () => {
      expect((await run(rowIn("FAILED"), mark, { releaseNumber: number(4) }))[0]).toBe("condition failed");
    });

    it("of the next generation follows a result, and is refused once there is another", async () => {
      const row = rowIn("CONFIRMED", { redelivery: writeRedelivery({ ...owed, ended }) });
      const [kind, after] = await run(row, again);
      expect(kind).toBe("written");
      expect(redeliveryOf(after)).toEqual({ ...owed, generation: 2 });
      const other = { redelivery: writeRedelivery({ ...owed, generation: 2 }) };
      expect((await run({ ...row, transactionId: text("r-again") }, again, other))[0]).toBe("condition failed");
    });

    it("brings no row back that is gone", async () => {
      const [result] = await dynamodb.table.write([mark(rowIn("CONFIRMED"))]);
      expect(result?.kind).toBe("condition failed");
    });

    it("stays on a row that was opened, through its confirmation", async () => {
      const marked = writeRedelivery({ ...owed, reopens: 2 });
      const [kind, after] = await run(rowIn("PENDING", { redelivery: marked }), (row) => {
        const target = { transactionId: row["transactionId"]?.S ?? "", version: 2, release: 3 };
        return confirmStatement(TABLE, target, { attemptCount: 1, attempts: [] }, contentIn(row), 1000, 90);
      });
      expect([kind, after["redelivery"]]).toEqual(["written", marked]);
    });
  });

  describe("the result of a redelivery", () => {
    const marked: Changes = { redelivery: writeRedelivery(owed) };

    it("is written beside the mark, and changes nothing else", async () => {
      const row = rowIn("CONFIRMED", { ...marked, settledAt: number(7), purgeAt: number(9), attemptCount: number(1) });
      const [kind, after] = await run(row, record);
      expect(kind).toBe("written");
      expect(after).toEqual({ ...row, redelivery: writeRedelivery({ ...owed, ended }) });
    });

    it.each<[string, Changes]>([
      ["has a result already", { redelivery: writeRedelivery({ ...owed, ended: { result: "delivered" } }) }],
      ["is of the next generation", { redelivery: writeRedelivery({ ...owed, generation: 2 }) }],
      ["is another job's", { redelivery: writeRedelivery({ ...owed, jobId: "job-2" }) }],
      ["was raised", { version: number(3) }],
      ["was raised and confirmed", { version: number(3), stateVersion: number(3) }],
      ["was wiped", { confirmationState: undefined, stateVersion: undefined, redelivery: undefined }],
      ["was given up for its content", { confirmationState: text("FAILED") }],
    ])("is refused by a row that %s", async (_, changes) => {
      expect((await run(rowIn("CONFIRMED", marked), record, changes))[0]).toBe("condition failed");
    });

    it("takes no more room than the mark where the row is full", async () => {
      const room = 400 * 1024 - 700;
      const padded = { ...marked, padding: text("x".repeat(room)) };
      const full = rowIn("CONFIRMED", padded);
      const bytes = sizeOf(full);
      const filled = rowIn("CONFIRMED", { ...padded, padding: text("x".repeat(room + 400 * 1024 - bytes)) });
      const barely = (row: AttributeMap) =>
        redeliveredBarelyStatement(TABLE, { transactionId: row["transactionId"]?.S ?? "", version: 2 }, owed, false);
      expect((await run(filled, record))[0]).toBe("rejected");
      const [kind, after] = await run(filled, barely);
      expect(kind).toBe("written");
      expect(redeliveryOf(after)).toMatchObject({ jobId: "job-1", generation: 1, ended: { result: "failed" } });
    });
  });
}

/** As DynamoDB counts it, with a margin of some bytes: names and values; a number has its digits by twos. */
function sizeOf(row: AttributeMap): number {
  return Object.entries(row).reduce((sum, [name, { S, N, M }]) => {
    const value = S?.length ?? (N === undefined ? sizeOf(M ?? {}) + 4 : Math.ceil(N.length / 2) + 2);
    return sum + name.length + value;
  }, 0);
}
