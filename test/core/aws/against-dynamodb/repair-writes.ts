/**
 * Writes that put in order what producers did, against DynamoDB Local; and what only DynamoDB can say about sizes and
 * types.
 */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { leaveDueIndexStatement, repairStatement, restoreStatement } from "../../../../core/aws/statements/repair.ts";
import { quarantineRowStatement } from "../../../../core/aws/statements/complete.ts";
import type { Statement } from "../../../../core/aws/statements/statement.ts";
import { writeAll } from "../../../../core/aws/write-all.ts";
import type { AttributeMap, AttributeValue } from "../../../../core/transaction/attribute-value.ts";
import { failure } from "../../../../core/transaction/failure.ts";
import { stateOf } from "../../../../core/transaction/row/row-state.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { type Changes, number, text, transactionRow } from "../../../support/rows.ts";

const TABLE = "Transactions";
const reason = failure("version_invalid", "no version");

let dynamodb: DynamoDbLocal;
let count = 0;
async function run(changes: Changes, make: (id: string) => Statement): Promise<[string | undefined, AttributeMap]> {
  count += 1;
  const id = `r-${count}`;
  await dynamodb.put(transactionRow({ ...changes, transactionId: text(id) }));
  const [result] = await dynamodb.table.write([make(id)]);
  return [result?.kind, (await dynamodb.get(id)) ?? {}];
}

const state = (name: string, stateVersion = 1): Changes => ({
  confirmationState: text(name),
  stateVersion: number(stateVersion),
});
const keys = { dueKey: text("T#1"), dueAt: number(500), merchantKey: text("m-1#2026-11-22#0") };
const repair = (id: string): Statement => repairStatement(TABLE, id, 1, keys, ["purgeAt"]);
const due: Changes = { dueKey: text("T#9"), dueAt: number(50) };

export function describeRepairWrites(started: () => DynamoDbLocal): void {
  beforeAll(() => {
    dynamodb = started();
  });

  describe("a repair", () => {
    it("puts index keys in place and takes away a time to live", async () => {
      const [kind, row] = await run({ purgeAt: number(1) }, repair);
      expect(kind).toBe("written");
      expect(row).toMatchObject(keys);
      expect(row).not.toHaveProperty("purgeAt");
    });

    it.each<[string, Changes, string]>([
      ["confirmed row is refused", state("CONFIRMED"), "condition failed"],
      ["failed row is refused", state("FAILED"), "condition failed"],
      ["row confirmed at an older version is taken", state("CONFIRMED", 0), "written"],
      ["row of another version is refused", { version: number(2) }, "condition failed"],
      ["row that the worker parked meanwhile is refused", { ...state("SCHEDULED"), ...due }, "condition failed"],
      ["parked row that lost its place in the index is taken", state("SCHEDULED"), "written"],
      ["pending row with a date from an older version is taken", { ...state("PENDING"), ...due }, "written"],
    ])("of a %s", async (_, changes, expected) => {
      expect((await run(changes, repair))[0]).toBe(expected);
    });

    it("without index keys in it is taken for a parked row", async () => {
      const only = (id: string) => repairStatement(TABLE, id, 1, { merchantKey: keys.merchantKey }, []);
      const [kind, row] = await run({ ...state("SCHEDULED"), ...due }, only);
      expect(kind).toBe("written");
      expect(row).toMatchObject({ ...due, merchantKey: keys.merchantKey });
    });
  });

  describe("a restored state", () => {
    const before = {
      confirmationState: text("CONFIRMED"),
      stateVersion: number(1),
      attempts: { L: [] },
      purgeAt: number(9),
    };
    const restore = (id: string): Statement => restoreStatement(TABLE, id, 1, before, ["dueKey", "dueAt"]);

    it("comes back after a put that wiped it", async () => {
      const [kind, row] = await run(due, restore);
      expect(kind).toBe("written");
      expect(row).toMatchObject(before);
      expect(row).not.toHaveProperty("dueKey");
    });

    it("is not written over one that the worker recorded meanwhile", async () => {
      expect((await run(state("PENDING"), restore))[0]).toBe("condition failed");
    });

    it("is not written for a version that was raised meanwhile", async () => {
      expect((await run({ version: number(2) }, restore))[0]).toBe("condition failed");
    });
  });

  describe("a terminal row in the due index", () => {
    const leave = (id: string): Statement => leaveDueIndexStatement(TABLE, id, 1);

    it.each(["CONFIRMED", "FAILED"])("leaves it when %s", async (name) => {
      const [kind, row] = await run({ ...state(name), ...due }, leave);
      expect(kind).toBe("written");
      expect(row).not.toHaveProperty("dueKey");
      expect(row).not.toHaveProperty("dueAt");
    });

    it.each([state("PENDING"), state("SCHEDULED"), state("CONFIRMED", 0), {}])(
      "stays while it has no outcome: %j",
      async (changes) => {
        expect((await run({ ...changes, ...due }, leave))[0]).toBe("condition failed");
      },
    );
  });

  describe("quarantining a row", () => {
    it.each<[string, AttributeValue | undefined, AttributeValue | undefined]>([
      ["a string", text("1"), undefined],
      ["a fraction", { N: "1.5" }, undefined],
      ["38 digits", { N: "12345678901234567890123456789012345678" }, undefined],
      ["a truth value", { BOOL: true }, undefined],
      ["null", { NULL: true }, undefined],
      ["a map", { M: { a: { L: [number(1)] } } }, undefined],
      ["an empty map as the embedded stream has it, as nothing", { M: {} }, {}],
      ["a long text", text("x".repeat(300_000)), undefined],
      ["a set", { SS: ["a", "b"] }, undefined],
      ["missing", undefined, undefined],
      ["binary", { B: Buffer.from([1, 2, 255]) }, undefined],
      ["binary as a stream record has it, in base64", { B: Buffer.from([1, 2, 255]) }, { B: "AQL/" }],
    ])("is done whatever its version is: %s", async (_, version, asStreamed) => {
      const seen = asStreamed ?? version;
      const set = (id: string) => {
        const row = { transactionId: text(id), ...(seen !== undefined && { version: seen }), stateVersion: number(1) };
        return quarantineRowStatement(TABLE, row, 7, reason, 1000, 1, undefined);
      };
      const [kind, row] = await run({ ...due, version, ...state("PENDING") }, set);
      expect(kind).toBe("written");
      expect(row).toMatchObject({
        confirmationState: text("FAILED"),
        failure: { M: { code: text("version_invalid") } },
        highestVersion: number(7),
      });
      expect(stateOf(row)).toBe("FAILED");
      expect(row).not.toHaveProperty("dueKey");
    });

    it("is refused once the producer wrote another version", async () => {
      const set = (id: string) =>
        quarantineRowStatement(TABLE, { transactionId: text(id), version: text("1") }, 0, reason, 1000, 1, undefined);
      expect((await run({ version: number(2) }, set))[0]).toBe("condition failed");
      const missing = (id: string) =>
        quarantineRowStatement(TABLE, { transactionId: text(id) }, 0, reason, 1000, 1, undefined);
      expect((await run({ version: number(2) }, missing))[0]).toBe("condition failed");
    });
  });

  describe("setting aside a row that is confirmed", () => {
    it("is refused, unless that was for another version", async () => {
      const set = (id: string) =>
        quarantineRowStatement(TABLE, { transactionId: text(id), version: number(1) }, 1, reason, 1000, 1, undefined);
      expect((await run(state("CONFIRMED"), set))[0]).toBe("condition failed");
      expect((await run(state("CONFIRMED", 2), set))[0]).toBe("written");
    });
  });

  describe("DynamoDB", () => {
    it("answers for a row that would grow beyond its limit that the write can never succeed", async () => {
      const limit = 400 * 1024;
      const [kind] = await run({ note: text("x".repeat(limit - 200)) }, (id) =>
        repairStatement(TABLE, id, 1, { failure: text("x".repeat(1000)) }, []),
      );
      expect(kind).toBe("rejected");
    });

    it("does many writes to one row in their order, and each of many rows", async () => {
      const ids = Array.from({ length: 60 }, (_, index) => `many-${index}`);
      for (let start = 0; start < ids.length; start += 20)
        await dynamodb.change(
          ids.slice(start, start + 20).map((id) => transactionRow({ transactionId: text(id) })),
          [],
        );
      const mark = (id: string, value: number) => repairStatement(TABLE, id, 1, { giveUpAt: number(value) }, []);
      const results = await writeAll(dynamodb.table, [
        ...ids.map((id) => mark(id, 1)),
        ...[2, 3, 4, 5].map((value) => mark("many-0", value)),
      ]);
      expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(["written"]));
      expect((await dynamodb.get("many-0"))?.["giveUpAt"]).toEqual(number(5));
      expect((await dynamodb.get("many-59"))?.["giveUpAt"]).toEqual(number(1));
    });
  });
}
