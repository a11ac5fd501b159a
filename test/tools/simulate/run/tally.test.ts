import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Times } from "../../../../tools/simulate/run/tally.ts";

describe("times", () => {
  it("give quantiles within one percent and a millisecond", () => {
    const sorted = (times: readonly number[]) => times.toSorted((a, b) => a - b);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1 }),
        fc.constantFrom(0.5, 0.99),
        (ms, part) => {
          const times = new Times();
          for (const one of ms) times.add(one);
          const exact = sorted(ms)[Math.ceil(ms.length * part) - 1] ?? 0;
          expect(times.quantile(part)).toBeGreaterThanOrEqual(exact - 1);
          expect(times.quantile(part)).toBeLessThanOrEqual(exact * 1.011 + 1);
        },
      ),
    );
  });

  it("are 0 where there are none", () => {
    expect(new Times().quantile(0.99)).toBe(0);
  });
});
