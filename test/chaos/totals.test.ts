import { describe, expect, it } from "@jest/globals";
import { faultsOf, type PartReport, totalsOf } from "../../chaos/totals.ts";

const ACCOUNT = {
  transactions: 10,
  confirmed: 8,
  deadLettered: 2,
  lost: 0,
  duplicates: 1,
  duplicatesAllowed: 3,
  outOfOrder: 0,
};

function part(account: Partial<PartReport["account"]> = {}, ssrfReached = 0): PartReport {
  return { account: { ...ACCOUNT, ...account }, ssrfReached };
}

describe("the totals", () => {
  it("are the sums over runs and measurement, with the keys of the last line", () => {
    const totals = totalsOf([part(), part()], { report: part(), figures: { ratio: 1.234, deltaMs: 7.77 } });
    expect(totals).toEqual({
      runs: 2,
      transactions: 30,
      lost: 0,
      duplicates: 3,
      duplicatesAllowed: 9,
      outOfOrder: 0,
      ssrfReached: 0,
      neighbourP99Ratio: 1.23,
      neighbourP99DeltaMs: 7.8,
    });
    expect(faultsOf(totals)).toEqual([]);
  });

  it("have no figures of neighbours where those were not measured, and are good without", () => {
    const totals = totalsOf([part()]);
    expect(totals).toMatchObject({ neighbourP99Ratio: null, neighbourP99DeltaMs: null });
    expect(faultsOf(totals)).toEqual([]);
  });

  it.each([
    ["a lost transaction", part({ lost: 1 })],
    ["a delivery out of order", part({ outOfOrder: 1 })],
    ["a connection to a forbidden address", part({}, 1)],
    ["more duplicates than are allowed", part({ duplicates: 4 })],
  ])("are bad with %s", (_, bad) => {
    expect(faultsOf(totalsOf([part({ duplicatesAllowed: 1 }), bad].slice(1)))).toHaveLength(1);
  });

  it.each([
    { ratio: 1.5, deltaMs: 900, isGood: true },
    { ratio: 3, deltaMs: 100, isGood: true },
    { ratio: 1.6, deltaMs: 101, isGood: false },
  ])("take a ratio of $ratio with $deltaMs ms more as good: $isGood", ({ isGood, ...figures }) => {
    expect(faultsOf(totalsOf([part()], { report: part(), figures })).length === 0).toBe(isGood);
  });
});
