import { describe, expect, it } from "@jest/globals";
import { loopUtilization, PollerLimit } from "../../../containers/confirmation-worker/src/poller-limit.ts";
import { FakeClock } from "../../faults/fake-clock.ts";

const LOOK_MS = 10;

function limited(utilization: () => number) {
  const clock = new FakeClock();
  const limit = new PollerLimit(utilization, clock.now);
  const after = (looks: number): number => {
    for (let look = 1; look < looks; look += 1) {
      clock.advance(LOOK_MS);
      limit.most;
    }
    clock.advance(LOOK_MS);
    return limit.most;
  };
  return { clock, limit, after };
}

describe("the limit of pollers", () => {
  it("is eight for a task that has time left", () => {
    const { limit, after } = limited(() => 0.5);
    expect(limit.most).toBe(8);
    expect(after(100)).toBe(8);
  });

  it("goes down one by one while the task is busy, to one", () => {
    const { after } = limited(() => 1);
    expect(after(1)).toBe(7);
    expect(after(2)).toBe(5);
    expect(after(100)).toBe(1);
  });

  it("goes up again one by one", () => {
    let utilization = 1;
    const { after } = limited(() => utilization);
    after(100);
    utilization = 0.8;
    expect(after(1)).toBe(2);
    expect(after(100)).toBe(8);
  });

  it("is looked at every ten milliseconds, however often it is asked for, and after a clock that was put back", () => {
    let looks = 0;
    const { clock, limit } = limited(() => (looks += 1) * 0 + 1);
    for (let index = 0; index < 5; index += 1) limit.most;
    expect(looks).toBe(0);
    clock.advance(LOOK_MS);
    for (let index = 0; index < 5; index += 1) limit.most;
    expect(looks).toBe(1);
    clock.advance(-3_600_000);
    expect(limit.most).toBe(6);
  });
});

describe("the utilization of this loop", () => {
  it("is high after work without a pause, and low after a wait", async () => {
    const utilization = loopUtilization();
    for (const until = Date.now() + 60; Date.now() < until;);
    await new Promise((resolve) => setImmediate(resolve));
    const busy = utilization();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const idle = utilization();
    expect(busy).toBeGreaterThan(idle);
  });
});
