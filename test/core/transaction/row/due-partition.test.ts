import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { dueKeyFor, orderedKeyFor, parkKeyFor } from "../../../../core/transaction/row/index-keys.ts";
import { duePartitions } from "../../../../core/transaction/row/due-partition.ts";

describe("a partition of the due index", () => {
  it("is read, wherever the pipeline itself puts a row", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 256 }), (id, shards) => {
        const partitionOf = duePartitions(shards, 1);
        const keys = [dueKeyFor(id, shards), orderedKeyFor(id, shards), parkKeyFor(id, shards)];
        expect(keys.map(partitionOf)).toEqual(["pending", "ordered", "parked"]);
      }),
    );
  });

  it.each([
    ["M#acme#2", "merchant"],
    ["M#a#b#0", "merchant"],
    ["M#line\nfeed#1", "merchant"],
    ["M#acme#3", "unread"],
    ["M##1", "unread"],
    ["M#acme", "unread"],
    ["P#4", "unread"],
    ["O#4", "unread"],
    ["P#03", "unread"],
    ["T#-1", "unread"],
    ["X#0", "unread"],
    ["p#0", "unread"],
    ["__proto__", "unread"],
  ])("of four shards, three for a merchant: %s is %s", (dueKey, partition) => {
    expect(duePartitions(4, 3)(dueKey)).toBe(partition);
  });
});
