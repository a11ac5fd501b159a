import { describe, expect, it } from "@jest/globals";
import { FailureMemory } from "../../../core/delivery/failure-memory.ts";
import { FakeClock } from "../../support/fake-clock.ts";

function memory() {
  const clock = new FakeClock();
  return { clock, failures: new FailureMemory({ firstMs: 1000, longestMs: 4000, now: clock.now }) };
}

describe("the memory of failures", () => {
  it("knows nothing of a key that never failed", () => {
    const { failures } = memory();
    expect([failures.isResting("k"), failures.isFailing("k")]).toEqual([false, false]);
  });

  it("lets a key rest twice as long with each failure in a row, up to a bound", () => {
    const { clock, failures } = memory();
    for (const restMs of [1000, 2000, 4000, 4000]) {
      failures.failed("k");
      clock.advance(restMs - 1);
      expect(failures.isResting("k")).toBe(true);
      clock.advance(1);
      expect(failures.isResting("k")).toBe(false);
    }
    expect(failures.isFailing("k")).toBe(true);
  });

  it("counts those that fail together as one", () => {
    const { clock, failures } = memory();
    for (let time = 0; time < 5; time += 1) failures.failed("k");
    clock.advance(1000);
    expect(failures.isResting("k")).toBe(false);
  });

  it("forgets what worked, and begins anew", () => {
    const { clock, failures } = memory();
    failures.failed("k");
    clock.advance(1000);
    failures.failed("k");
    failures.worked("k");
    expect([failures.isResting("k"), failures.isFailing("k")]).toEqual([false, false]);
    failures.failed("k");
    clock.advance(1000);
    expect(failures.isResting("k")).toBe(false);
  });

  it("lets no key rest for longer because the clock was put back", () => {
    const { clock, failures } = memory();
    failures.failed("k");
    clock.advance(-3_600_000);
    expect(failures.isResting("k")).toBe(false);
  });
});
