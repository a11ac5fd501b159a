import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { bindsAt, limitsOf } from "../../../../tools/bench/capacity-model/limits.ts";
import { inFlightAt, loadAt } from "../../../../tools/bench/capacity-model/load.ts";
import { parseSettings } from "../../../../core/settings/settings.ts";

const settings = parseSettings({});

describe("the load of a rate", () => {
  it("never shrinks while the rate grows, whatever binds", () => {
    const rate = fc.integer({ min: 1, max: 200_000 });
    fc.assert(
      fc.property(rate, rate, (one, other) => {
        for (const { loadOf } of limitsOf(settings))
          expect(loadOf(Math.min(one, other))).toBeLessThanOrEqual(loadOf(Math.max(one, other)) + 1e-6);
      }),
    );
  });

  it("is two writes and one consistent read of the table for each confirmation", () => {
    const { tableWrites, dueIndexWrites, merchantIndexWrites, rowReads } = loadAt(3000, settings);
    expect([tableWrites, dueIndexWrites, merchantIndexWrites, rowReads]).toEqual([6000, 6000, 3000, 3000]);
  });

  it("keeps in flight what comes while merchants answer and the pipeline records it", () => {
    expect(inFlightAt(1000, 920)).toBe(1000);
  });

  it("has an invocation for nearly each change of a table that has grown, since partitions are never merged", () => {
    const { executionsYoung, executionsOld } = loadAt(20_000, settings);
    expect(executionsYoung).toBeLessThan(2000);
    expect(executionsOld).toBeGreaterThan(35_000);
    expect(executionsOld).toBeLessThanOrEqual(40_000);
  });
});

describe("the rate from which a limit binds", () => {
  it.each(limitsOf(settings).map((limit) => [limit.what, limit] as const))(
    "is the highest that it takes: %s",
    (_, limit) => {
      const rate = bindsAt(limit) as number;
      expect(limit.loadOf(rate)).toBeLessThanOrEqual(limit.limit);
      expect(limit.loadOf(rate + 1)).toBeGreaterThan(limit.limit);
    },
  );

  it("is none where even a million a second is taken", () => {
    expect(bindsAt({ limit: 10, loadOf: () => 10 })).toBeUndefined();
  });

  it("grows with what is asked of AWS", () => {
    const writes = (tableWriteQuota: number) =>
      bindsAt(
        limitsOf(parseSettings({ tableWriteQuota })).find(({ what }) => what.includes("due index: writes")) as never,
      );
    expect([writes(40_000), writes(200_000)]).toEqual([20_000, 100_000]);
  });
});
