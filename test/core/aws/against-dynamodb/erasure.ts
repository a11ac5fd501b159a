/** Writes of an erasure against DynamoDB Local: what is left of a row, and when nothing is written. */
import { TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { eraseAct, eraseAgainStatement, MOST_REMOVED } from "../../../../core/aws/statements/erase.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { erasureOf, firstErasureOf } from "../../../../core/transaction/row/erasure.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { changed, type Changes, number, text, transactionRow } from "../../../support/rows.ts";

const TABLE = "Transactions";
const NOW = 1_795_341_600_000;

let dynamodb: DynamoDbLocal;
let count = 0;

function rowIn(state: string, changes: Changes = {}): AttributeMap {
  count += 1;
  const attempts = {
    L: [{ M: { at: number(1), durationMs: number(2), outcome: text("delivered"), answer: text("A") } }],
  };
  return transactionRow({
    transactionId: text(`e-${count}`),
    stateVersion: number(1),
    confirmationState: text(state),
    attemptCount: number(1),
    attempts,
    payload: { M: { name: text("Jane Roe") } },
    "a name, with a comma": text("Jane Roe"),
    'a "quoted" name': text("Jane Roe"),
    "a.path[0]": text("Jane Roe"),
    ...changes,
  });
}

async function erase(row: AttributeMap): Promise<AttributeMap> {
  const act = eraseAct(TABLE, row, firstErasureOf(row, NOW));
  await dynamodb.client.send(new TransactWriteItemsCommand({ TransactItems: [act] }));
  return (await dynamodb.get(row["transactionId"]?.S ?? "")) ?? {};
}

export function describeErasure(started: () => DynamoDbLocal): void {
  beforeAll(() => {
    dynamodb = started();
  });

  describe("an erasure", () => {
    it.each(["CONFIRMED", "FAILED"])("takes away what is personal, whatever it is called: %s", async (state) => {
      const row = rowIn(state);
      await dynamodb.put(row);
      const after = await erase(row);
      expect(JSON.stringify(after)).not.toContain("Jane Roe");
      expect(after["attempts"]?.L?.[0]?.M).toEqual({
        at: number(1),
        durationMs: number(2),
        outcome: text("delivered"),
      });
      expect(after).toMatchObject({ erasedAt: number(NOW), erasedVersion: number(1), amount: text("12.50") });
      expect([after["releaseNumber"], after["highestVersion"]]).toEqual(
        state === "FAILED" ? [number(1), number(2)] : [undefined, undefined],
      );
      expect(erasureOf(after)).toBeUndefined();
    });

    it.each<[string, Changes]>([
      ["has another version", { version: number(2) }],
      ["is on its way again", { confirmationState: text("PENDING") }],
      ["was put on the queue again", { releaseNumber: number(1) }],
      ["is marked by a job", { redelivery: { M: { jobId: text("j") } } }],
      ["has a further attempt", { attemptCount: number(2) }],
      ["has other steps", { steps: { M: { revision: number(2) } } }],
      ["was erased by somebody else", { erasedAt: number(1), erasedVersion: number(1) }],
    ])("is refused where the row %s since it was read", async (_, changes) => {
      const row = rowIn("CONFIRMED");
      await dynamodb.put(changed(row, changes));
      await expect(erase(row)).rejects.toThrow(/ConditionalCheckFailed/);
    });

    it("of a row with more names than one write has takes several", async () => {
      const many = Object.fromEntries(
        Array.from({ length: MOST_REMOVED + 50 }, (_, index) => [`n-${index}`, text("x")]),
      );
      const row = rowIn("CONFIRMED", many);
      await dynamodb.put(row);
      const once = await erase(row);
      expect(Object.keys(once).filter((name) => name.startsWith("n-")).length).toBeGreaterThan(0);
      const left = erasureOf(once) ?? { set: {}, remove: [] };
      await dynamodb.client.send(new TransactWriteItemsCommand({ TransactItems: [eraseAct(TABLE, once, left)] }));
      expect(erasureOf((await dynamodb.get(row["transactionId"]?.S ?? "")) ?? {})).toBeUndefined();
    });

    it("takes away again what somebody wrote since, but for what no statement can name", async () => {
      const row = rowIn("CONFIRMED");
      await dynamodb.put(row);
      const late = changed(await erase(row), {
        payload: row["payload"],
        attempts: row["attempts"],
        "a name, with a comma": text("Jane Roe"),
        "a.path[0]": text("Jane Roe"),
        'a "quoted" name': text("Jane Roe"),
      });
      await dynamodb.put(late);
      const statement = eraseAgainStatement(TABLE, late, erasureOf(late) ?? { set: {}, remove: [] });
      expect(await dynamodb.table.write(statement === undefined ? [] : [statement])).toEqual([{ kind: "written" }]);
      const after = (await dynamodb.get(row["transactionId"]?.S ?? "")) ?? {};
      expect(erasureOf(after)).toEqual({ set: {}, remove: ['a "quoted" name'] });
    });
  });
}
