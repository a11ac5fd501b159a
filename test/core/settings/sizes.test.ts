import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseSettings } from "../../../core/settings/settings.ts";
import { peakWritesPerSecond } from "../../../core/settings/sizes.ts";

const sizesOf = (input: object) => {
  const { peakRatePerSecond, worker } = parseSettings(input);
  return [peakRatePerSecond, worker.minTasks, worker.maxTasks];
};

describe("sizes that nobody has set", () => {
  it("follow from the target rate and what a task gets through: one a zone always runs, ten times the rate may", () => {
    expect(sizesOf({})).toEqual([20_000, 2, 40]);
    expect(sizesOf({ targetRatePerSecond: 6000, worker: { ratePerTask: 1000 } })).toEqual([60_000, 2, 60]);
  });

  it("are at least one task a zone", () => {
    expect(sizesOf({ targetRatePerSecond: 5 })).toEqual([50, 2, 2]);
    expect(sizesOf({ targetRatePerSecond: 5, network: { zones: 3 } })).toEqual([50, 3, 3]);
  });

  it("follow the peak that is given", () => {
    expect(sizesOf({ peakRatePerSecond: 4000 })).toEqual([4000, 2, 8]);
    // The target is within reach, whatever the peak is.
    expect(sizesOf({ peakRatePerSecond: 100 })).toEqual([100, 2, 4]);
  });

  it("never contradict what is given", () => {
    const given = fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), given, given, (targetRatePerSecond, one, other) => {
        const [minTasks, maxTasks] =
          one !== undefined && other !== undefined ? [Math.min(one, other), Math.max(one, other)] : [one, other];
        const { worker } = parseSettings({ targetRatePerSecond, worker: { minTasks, maxTasks } });
        expect([minTasks ?? worker.minTasks, maxTasks ?? worker.maxTasks]).toEqual([worker.minTasks, worker.maxTasks]);
        expect(worker.minTasks).toBeLessThanOrEqual(worker.maxTasks);
      }),
    );
  });

  it("warm the table for two writes each, as far as the account's quota goes", () => {
    const warmed = (input: object) => peakWritesPerSecond(parseSettings(input));
    expect([4000, 20_000, 50_000].map((peakRatePerSecond) => warmed({ peakRatePerSecond }))).toEqual([
      8000, 40_000, 40_000,
    ]);
    expect(warmed({ peakRatePerSecond: 50_000, tableWriteQuota: 200_000 })).toBe(100_000);
  });
});
