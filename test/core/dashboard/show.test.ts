import { describe, expect, it } from "@jest/globals";
import { niceMost, percentInTenths, shortNumber } from "../../../core/dashboard/show.ts";

describe("a percentage", () => {
  it.each([
    [0, 0, "0 %"],
    [1 / 7200, 0.1, "0.014 %"],
    [7199 / 7200, 99.9, "99.9 %"],
    [0.9994, 99.9, "99.9 %"],
    [0.5, 50, "50 %"],
    [1, 100, "100 %"],
  ])("is whole, or nothing, only where it is: %d", (share, inTenths, short) => {
    expect(percentInTenths(100 * share)).toBe(inTenths);
    expect(shortNumber(100 * share, "percent")).toBe(short);
  });
});

describe("an axis", () => {
  it.each([
    [0, 1],
    [1, 1],
    [7, 8],
    [2400, 3000],
    [0.012, 0.015],
  ])("goes up to a round number: %d to %d", (value, most) => {
    expect(niceMost(value)).toBeCloseTo(most, 10);
  });
});
