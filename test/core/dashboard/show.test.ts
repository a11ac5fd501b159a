import { describe, expect, it } from "@jest/globals";
import { niceMost } from "../../../core/dashboard/show.ts";

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
