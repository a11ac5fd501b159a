import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Histogram, type Resolution } from "../../../core/telemetry/histogram.ts";
import "../../fixed-seed.ts";

function filled(values: readonly number[], resolution?: Resolution): Histogram {
  const histogram = new Histogram(resolution);
  for (const value of values) histogram.add(value);
  return histogram;
}

function exactPercentile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(share * values.length - 1e-9) - 1] ?? 0;
}

describe("a histogram", () => {
  it("tells percentiles of a benchmark's microseconds at most five percent too high and never too low", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 100, max: 10_000_000, noNaN: true }), { minLength: 1, maxLength: 500 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (times, share) => {
          const reported = filled(times, { wholeUpTo: 25, growth: 1.05, buckets: 500 }).percentile(share) ?? 0;
          const exact = exactPercentile(times, share);
          expect(reported).toBeGreaterThanOrEqual(exact * 0.999);
          expect(reported).toBeLessThanOrEqual(exact * 1.051);
        },
      ),
    );
  });

  it("tells percentiles of a simulation's milliseconds within one percent and a millisecond", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1 }),
        fc.constantFrom(0.5, 0.99),
        (times, share) => {
          const reported = filled(times, { wholeUpTo: 1, growth: 1.01, buckets: 2600 }).percentile(share) ?? 0;
          const exact = exactPercentile(times, share);
          expect(reported).toBeGreaterThanOrEqual(exact - 1);
          expect(reported).toBeLessThanOrEqual(exact * 1.011 + 1);
        },
      ),
    );
  });

  it("tells no percentile that is above the most or below the least that it has seen", () => {
    expect([filled([1000]).percentile(1), filled([1000]).percentile(0.01)]).toEqual([1000, 1000]);
  });

  it("has no percentile without values", () => {
    expect(new Histogram().percentile(0.99)).toBeUndefined();
  });

  it("keeps what is above its last bucket in the last one, with the true most", () => {
    const histogram = filled([10, 1e12], { wholeUpTo: 25, growth: 1.04, buckets: 30 });
    expect([histogram.count, histogram.most, histogram.buckets().length]).toEqual([2, 1e12, 2]);
  });
});
