import { describe, expect, it } from "@jest/globals";
import { OwnSlowness } from "../../../../core/delivery/gate/own-slowness.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

function answer(slowness: OwnSlowness, count: number, tookMs: (index: number) => number): void {
  for (let index = 0; index < count; index += 1) slowness.answered(tookMs(index));
}

describe("how slow a task is itself", () => {
  it("makes nobody late when all answers take longer", () => {
    const slowness = new OwnSlowness(() => 0);
    answer(slowness, 200, () => 500);
    expect(slowness.isLate(1000)).toBe(false);
  });

  it("is not moved by a third of slow merchants", () => {
    const slowness = new OwnSlowness(() => 0);
    answer(slowness, 3000, (index) => (index % 3 === 0 ? 8000 : 30));
    expect([slowness.isLate(30), slowness.isLate(400), slowness.isLate(8000)]).toEqual([false, true, true]);
  });

  it("comes back to what it was when the load is over", () => {
    const slowness = new OwnSlowness(() => 0);
    answer(slowness, 200, () => 5000);
    answer(slowness, 200, () => 20);
    expect(slowness.isLate(1000)).toBe(true);
  });

  it("knows for how long the process stood still during a call", () => {
    const clock = new FakeClock();
    const slowness = new OwnSlowness(clock.now);
    const tick = (ms: number) => {
      clock.advance(ms);
      slowness.tick();
    };
    tick(3000);
    const startedAt = clock.now();
    tick(100);
    tick(2100);
    tick(100);
    expect(slowness.stalledMsSince(startedAt)).toBe(2000);
    clock.advance(600);
    expect(slowness.stalledMsSince(startedAt)).toBe(2500);
  });

  it("does not count what a clock that was put back makes of it", () => {
    const clock = new FakeClock();
    const slowness = new OwnSlowness(clock.now);
    clock.advance(-5000);
    slowness.tick();
    expect(slowness.stalledMsSince(clock.now() - 1000)).toBe(0);
  });
});
