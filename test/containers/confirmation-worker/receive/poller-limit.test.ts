import { describe, expect, it } from "@jest/globals";
import { loopUtilization, PollerLimit } from "../../../../containers/confirmation-worker/src/receive/poller-limit.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const LOOK_MS = 10;

/** A limit of a task whose utilization is what it is told to be. */
function limited() {
  const clock = new FakeClock();
  const task = { utilization: 0.5, looks: 0 };
  const utilization = () => {
    task.looks += 1;
    return task.utilization;
  };
  const limit = new PollerLimit(utilization, clock.now);
  /** What it is after so many looks. */
  const after = (looks: number): number => {
    let most = limit.look();
    for (let look = 0; look < looks; look += 1) {
      clock.advance(LOOK_MS);
      most = limit.look();
    }
    return most;
  };
  return { clock, task, limit, after };
}

describe("the limit of pollers", () => {
  it("is eight for a task that has time left", () => {
    expect(limited().after(100)).toBe(8);
  });

  it("goes down one by one while the task is busy, to one", () => {
    const { task, after } = limited();
    task.utilization = 1;
    expect([after(1), after(2), after(100)]).toEqual([7, 5, 1]);
  });

  it("goes up again one by one, once there is time to spare", () => {
    const { task, after } = limited();
    task.utilization = 1;
    after(100);
    task.utilization = 0.95;
    expect(after(10)).toBe(1);
    task.utilization = 0.9;
    expect([after(1), after(100)]).toEqual([2, 8]);
  });

  it("is looked at every ten milliseconds, however often it is asked for, and after a clock that was put back", () => {
    const { task, clock, limit } = limited();
    task.utilization = 1;
    const threeTimes = () => [limit.look(), limit.look(), limit.look()];
    expect([threeTimes(), task.looks]).toEqual([[8, 8, 8], 0]);
    clock.advance(LOOK_MS);
    expect([threeTimes(), task.looks]).toEqual([[7, 7, 7], 1]);
    clock.advance(-3_600_000);
    expect(limit.look()).toBe(6);
  });
});

describe("the utilization of this loop", () => {
  it("is high after work without a pause, and low after a wait", async () => {
    const utilization = loopUtilization();
    for (const until = Date.now() + 60; Date.now() < until;);
    await new Promise((resolve) => setImmediate(resolve));
    const busy = utilization();
    expect(busy).toBeGreaterThan(0);
    let idle = busy;
    // On a busy machine a loop may find that its wait is over already; one that never seems idle ends the test's time.
    while (idle >= busy) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      idle = utilization();
    }
  });
});
