/** The record of an acknowledgement against DynamoDB Local: when it is taken, and what it leaves. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { recordAcknowledgement } from "../../../../core/aws/record-acknowledgement.ts";
import { acknowledgeStatement } from "../../../../core/aws/statements/acknowledge.ts";
import { writeAccepted } from "../../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { writeAcknowledgement } from "../../../../core/transaction/row/acknowledgement.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { type Changes, contentIn, number, text, transactionRow } from "../../../support/rows.ts";

const AT = 1_795_341_600_000;
const MARK = { version: 2, at: AT, by: "callback" };
const ON_ITS_WAY = { dueKey: text("T#0"), dueAt: number(5), giveUpAt: number(6), waitingFor: text("acknowledgement") };
const GIVEN_UP = {
  failure: { M: { code: text("unacknowledged") } },
  failedKey: text("m-1#0"),
  failedAt: text("unacknowledged#2026"),
};

let dynamodb: DynamoDbLocal;
let count = 0;

function rowIn(state: string, changes: Changes = {}): AttributeMap {
  count += 1;
  const counts = { version: number(2), stateVersion: number(2), releaseNumber: number(3) };
  const accepted = writeAccepted(2, contentIn(transactionRow()));
  const known = { ...counts, accepted, confirmationState: text(state) };
  return transactionRow({ ...known, ...changes, transactionId: text(`a-${count}`) });
}

/** @param changes to the row between the look at it and the write */
async function run(row: AttributeMap, changes: Changes = {}): Promise<[string | undefined, AttributeMap]> {
  await dynamodb.put(transactionRow({ ...row, ...changes }));
  const [result] = await dynamodb.table.write([acknowledgeStatement("Transactions", row, MARK, 90)]);
  return [result?.kind, (await dynamodb.get(row["transactionId"]?.S ?? "")) ?? {}];
}

export function describeAcknowledgement(started: () => DynamoDbLocal): void {
  beforeAll(() => {
    dynamodb = started();
  });

  describe("the record of an acknowledgement", () => {
    it.each([
      ["waits for it", "SCHEDULED", ON_ITS_WAY],
      ["is on its way again", "PENDING", { ...ON_ITS_WAY, unheardReleases: number(1) }],
      ["was given up", "FAILED", GIVEN_UP],
    ])("is taken by a row that %s, which leaves every index but its merchant's", async (_, state, rest) => {
      const row = rowIn(state);
      const [kind, after] = await run({ ...row, ...rest });
      expect(kind).toBe("written");
      expect(after).toEqual({
        ...row,
        confirmationState: text("CONFIRMED"),
        acknowledged: writeAcknowledgement(MARK),
        settledAt: number(AT),
        purgeAt: number(AT / 1000 + 90 * 86_400),
      });
    });

    it.each<[string, AttributeMap, Changes]>([
      ["was raised", rowIn("SCHEDULED"), { version: number(3) }],
      ["was confirmed", rowIn("SCHEDULED"), { confirmationState: text("CONFIRMED") }],
      ["was requeued", rowIn("SCHEDULED"), { confirmationState: text("PENDING"), releaseNumber: number(4) }],
      ["was wiped", rowIn("SCHEDULED"), { confirmationState: undefined, stateVersion: undefined }],
      ["says something else", rowIn("SCHEDULED"), { amount: text("99.00") }],
    ])("is refused by a row that %s meanwhile", async (_, row, changes) => {
      const [kind, after] = await run(row, changes);
      expect(kind).toBe("condition failed");
      expect(after).toEqual(transactionRow({ ...row, ...changes }));
    });

    it("is taken once of many that come at once", async () => {
      const row = rowIn("SCHEDULED", ON_ITS_WAY);
      await dynamodb.put(row);
      const parts = { table: dynamodb.table, settledDays: 90, nowMs: () => AT, pause: async () => undefined };
      const given = { transactionId: row["transactionId"]?.S ?? "", version: 2, merchantId: "m-1", by: "callback" };
      const results = await Promise.all(Array.from({ length: 8 }, () => recordAcknowledgement(parts, given)));
      expect(results.filter((result) => result.kind === "confirmed" && result.isNew)).toHaveLength(1);
      expect(results.every((result) => result.kind === "confirmed" && result.at === AT)).toBe(true);
    });
  });
}
