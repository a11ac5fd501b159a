import { describe, expect, it } from "@jest/globals";
import { intakeCost } from "../../../../lib/cost/per-million/intake.ts";

const usdOf = (cost: ReturnType<typeof intakeCost>, item: string) =>
  cost.items.find((one) => one.item === item)?.usd ?? 0;

describe("what taking a million transactions by the API costs", () => {
  it("is mostly its requests one by one, and next to nothing of them in batches", () => {
    expect(usdOf(intakeCost({ batch: 1, isDirect: false }), "API requests")).toBe(3.5);
    expect(usdOf(intakeCost({ batch: 500, isDirect: false }), "API requests")).toBe(0.007);
  });

  it("has a second send of each message where the API sends it itself, ten of a batch in one", () => {
    for (const batch of [1, 500]) expect(usdOf(intakeCost({ batch, isDirect: false }), "Queue requests")).toBe(0);
    expect(usdOf(intakeCost({ batch: 1, isDirect: true }), "Queue requests")).toBe(0.5);
    expect(usdOf(intakeCost({ batch: 500, isDirect: true }), "Queue requests")).toBe(0.05);
  });
});
