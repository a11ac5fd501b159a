import { describe, expect, it } from "@jest/globals";
import { parseSettings } from "../../../../core/settings/settings.ts";
import { capacityFor } from "../../../../core/settings/table-capacity.ts";
import { ProvisionedCapacity } from "../../../../tools/simulate/aws/provisioned-capacity.ts";
import { SimulatedTable } from "../../../../tools/simulate/aws/table.ts";
import type { Confirmation } from "../../../../tools/simulate/run/confirmation.ts";
import { Merchant } from "../../../../tools/simulate/run/merchant.ts";
import { VirtualTime } from "../../../../tools/simulate/run/virtual-time.ts";

const settings = parseSettings({ targetRatePerSecond: 70, capacity: { mode: "provisioned" } });

/** Uses so many units of the table a second. @returns its capacity after each second */
function used(unitsAt: (second: number) => number, seconds: number): number[] {
  let now = 0;
  const capacity = new ProvisionedCapacity(settings, () => now);
  return Array.from({ length: seconds }, (_, second) => {
    now = second * 1000;
    // What there is not is not used.
    for (let left = unitsAt(second); left > 0 && capacity.table.has; left -= 1) capacity.table.take(1);
    capacity.scale(second);
    return capacity.table.perSecond;
  });
}

describe("provisioned capacity", () => {
  it("begins as it is held at the target rate, and stays so there", () => {
    const steady = capacityFor(settings, 70).table.writes;
    expect(steady).toBe(200);
    expect(new Set(used(() => 140, 1500))).toStrictEqual(new Set([steady]));
  });

  it("grows some minutes after the load, by steps as far as what it was throttled at shows, and to its bound", () => {
    const course = used((second) => (second < 600 ? 140 : 4000), 3600);
    const first = course.findIndex((units) => units > 200);
    // Two minutes above the target, known a minute late, and a minute until it takes effect.
    expect(first - 600).toBeGreaterThanOrEqual(180);
    expect(first - 600).toBeLessThanOrEqual(360);
    expect(course.at(-1)).toBe(capacityFor(settings, settings.peakRatePerSecond).table.writes);
    const steps = [...new Set(course)];
    expect(steps.length).toBeGreaterThan(3);
  });

  it("shrinks after a quarter of an hour below, never below what is always there", () => {
    const course = used(() => 1, 7200);
    expect(course.findIndex((units) => units < 200)).toBeGreaterThanOrEqual(900);
    expect(course.at(-1)).toBe(20);
  });

  it("throttles the table by an index that has too little, though the table has enough", async () => {
    const time = new VirtualTime();
    const provisioned = new ProvisionedCapacity(settings, time.now);
    const committed: Confirmation[] = [];
    const merchant = new Merchant({ name: "a", share: 1, deadlineMs: 1000, random: () => 0.5 });
    const rates = { writesPerSecond: 1e6, dueWritesPerSecond: 1e6, merchantWritesPerSecond: 1e6 };
    const table = new SimulatedTable({
      time,
      sample: 1,
      ...rates,
      provisioned,
      committed: (one) => committed.push(one),
    });
    for (let index = 0; index < 1000; index += 1) table.insert({ merchant } as Confirmation);
    for (let tick = 0; tick < 100; tick += 1) await time.advance(() => table.carryOut());
    // A second's units of the merchant index, of which a confirmation takes one; the table has twice as many.
    expect(provisioned.merchant.perSecond).toBe(100);
    expect(committed.length).toBeGreaterThan(90);
    expect(committed.length).toBeLessThanOrEqual(101);
    expect(table.unwritten).toBe(1000 - committed.length);
  });
});
