import { describe, expect, it } from "@jest/globals";
import { auditFilterIn, auditSearchOf, pathOfResource } from "../../console/src/audit/audit-log-filter.ts";
import { addedUp, ASKS, type Counts, type Examples } from "../../console/src/cutover/cutover-reads.ts";

describe("the filter of the audit log", () => {
  it("stands in the address, and is read from there", () => {
    const filter = {
      resource: "merchants/a&b",
      actor: "anna",
      from: "2026-11-22T10:00:00.000Z",
      until: "2026-11-23T10:00:00.000Z",
    };
    expect(auditFilterIn(new URLSearchParams(auditSearchOf(filter).toString()))).toEqual(filter);
    expect(auditFilterIn(new URLSearchParams({ actor: " ", from: "yesterday" }))).toEqual({});
    expect(auditSearchOf({ actor: "", resource: undefined }).toString()).toBe("");
  });
});

describe("what an entry is about", () => {
  it.each([
    ["merchants/a/b", "/merchants/a%2Fb"],
    ["transactions/t-1", "/transactions/t-1"],
    ["redeliveries/3f0a", "/jobs/redeliveries/3f0a"],
    ["restores/3f0a", "/jobs/restores/3f0a"],
    ["everything", undefined],
    ["templates/one", undefined],
    ["merchants/", undefined],
  ])("of %s has the page %s", (resource, path) => {
    expect(pathOfResource(resource)).toBe(path);
  });
});

it("counts of a cut-over add up over pages, and examples are few", () => {
  const counts = { transactions: 2, both: 1 } as Counts;
  const examples = Object.fromEntries(ASKS.map((name) => [name, ["a", "b", "c"]])) as Examples;
  const sum = addedUp([
    { counts, examples },
    { counts, examples },
  ]);
  expect(sum.counts).toEqual({ transactions: 4, both: 2 });
  expect(sum.examples.both).toHaveLength(5);
});
