import { describe, expect, it } from "@jest/globals";
import { LatencyBaseline } from "../../../../core/delivery/admission/latency-baseline.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

function respond(baseline: LatencyBaseline, count: number, tookMs: (index: number) => number): void {
  for (let index = 0; index < count; index += 1) baseline.responded(tookMs(index));
}

describe("how slow a task is itself", () => {
  it("makes nobody late when all responses take longer", () => {
    const baseline = new LatencyBaseline(() => 0);
    respond(baseline, 200, () => 500);
    expect(baseline.isLate(1000)).toBe(false);
  });

  it("is not moved by a third of slow merchants", () => {
    const baseline = new LatencyBaseline(() => 0);
    respond(baseline, 3000, (index) => (index % 3 === 0 ? 8000 : 30));
    expect([baseline.isLate(30), baseline.isLate(400), baseline.isLate(8000)]).toEqual([false, true, true]);
  });

  it("comes back to what it was when the load is over", () => {
    const baseline = new LatencyBaseline(() => 0);
    respond(baseline, 200, () => 5000);
    respond(baseline, 200, () => 20);
    expect(baseline.isLate(1000)).toBe(true);
  });

  it("knows for how long the process stood still during a call", () => {
    const clock = new FakeClock();
    const baseline = new LatencyBaseline(clock.now);
    const tick = (ms: number) => {
      clock.advance(ms);
      baseline.tick();
    };
    tick(3000);
    const startedAt = clock.now();
    tick(100);
    tick(2100);
    tick(100);
    expect(baseline.stalledMsSince(startedAt)).toBe(2000);
    clock.advance(600);
    expect(baseline.stalledMsSince(startedAt)).toBe(2500);
  });

  it("takes what is its own from what a call took, be it all at once or bit by bit", () => {
    const clock = new FakeClock();
    const baseline = new LatencyBaseline(clock.now);
    const tick = (ms: number) => {
      clock.advance(ms);
      baseline.tick();
    };
    tick(900);
    const startedAt = clock.now();
    const tookMs = () => clock.now() - startedAt;
    tick(100);
    expect(baseline.withoutOwn(tookMs())).toBe(100);
    tick(1100);
    expect(baseline.withoutOwn(tookMs())).toBe(200);
    for (let count = 0; count < 10; count += 1) tick(160);
    expect(baseline.withoutOwn(tookMs())).toBe(1200);
    clock.advance(700);
    expect(baseline.withoutOwn(tookMs())).toBe(1300);
    expect(baseline.stalledMsSince(startedAt)).toBe(1600);
  });

  it("takes off no more of a stall than fell into the call", () => {
    const clock = new FakeClock();
    const baseline = new LatencyBaseline(clock.now);
    clock.advance(950);
    const startedAt = clock.now();
    clock.advance(50);
    baseline.tick();
    for (let count = 0; count < 8; count += 1) {
      clock.advance(100);
      baseline.tick();
    }
    expect(baseline.withoutOwn(clock.now() - startedAt)).toBe(800);
  });

  it("does not count what a clock that was put back makes of it", () => {
    const clock = new FakeClock();
    const baseline = new LatencyBaseline(clock.now);
    clock.advance(-5000);
    baseline.tick();
    expect(baseline.stalledMsSince(clock.now() - 1000)).toBe(0);
  });
});
