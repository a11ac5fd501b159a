import { describe, expect, it } from "@jest/globals";
import { RowReader } from "../../../../core/confirmation/batched/row-reader.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { MemoryTable } from "../../../support/memory-table.ts";
import { text, transactionRow } from "../../../support/rows.ts";

const table = {
  read: async (ids: readonly string[]) =>
    new Map(ids.filter((id) => id !== "gone").map((id) => [id, transactionRow({ transactionId: text(id) })])),
};

describe("the reader of rows", () => {
  it("hands rows on when what they need was read ahead", async () => {
    const steps: string[] = [];
    const ready = Promise.withResolvers<void>();
    const seen: (readonly AttributeMap[])[] = [];
    const reader = new RowReader(table, (rows) => {
      seen.push([...rows]);
      return ready.promise.then(() => void steps.push("ahead"));
    });
    const reads = Promise.all(
      ["t-1", "gone", "t-2"].map(async (id) => {
        const row = await reader.read(id);
        steps.push(id);
        return row;
      }),
    );
    ready.resolve();
    expect((await reads).map((row) => row?.["transactionId"]?.S)).toEqual(["t-1", undefined, "t-2"]);
    expect(steps).toEqual(["ahead", "t-1", "gone", "t-2"]);
    expect(seen).toEqual([["t-1", "t-2"].map((id) => transactionRow({ transactionId: text(id) }))]);
  });

  it("fails for the rows alone that DynamoDB left unread", async () => {
    const memory = new MemoryTable();
    for (const id of ["t-1", "t-2", "t-3"]) memory.put(transactionRow({ transactionId: text(id) }));
    memory.throttles = (id) => id === "t-2";
    const reader = new RowReader(memory);
    const read = await Promise.allSettled(["t-1", "t-2", "t-3", "gone"].map(async (id) => reader.read(id)));
    expect(read.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  });

  it("needs nothing ahead", async () => {
    expect(await new RowReader(table).read("t-1")).toEqual(transactionRow());
  });
});
