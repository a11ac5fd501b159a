/** What a redelivery may begin, beside live traffic. */
import { describe, expect, it } from "@jest/globals";
import type { Job } from "../../../../core/jobs/job.ts";
import { Pace } from "../../../../lambdas/run-jobs/redelivery/pace.ts";

const RATE = 50;
const PARTS = 4;
const TURN = 24;
const asked = { spec: {}, reason: "r", requestedBy: "ada", ratePerSecond: RATE, asOf: 1, createdAt: 1, parts: PARTS };
const JOB: Job = { jobId: "j", kind: "redelivery", state: "running", asked };

function world() {
  const clock = { now: 1_000_000 };
  const queue = { waiting: 0, looks: 0 };
  const pace = new Pace({
    take: async (_jobId, count) => count,
    backlog: async () => {
      queue.looks += 1;
      return queue.waiting;
    },
    now: () => clock.now,
  });
  return { clock, queue, allow: (count: number) => pace.allow(JOB, count) };
}

describe("a redelivery", () => {
  it("begins no more in a turn than its rate has for one, however much waits", async () => {
    const { allow } = world();
    expect([await allow(1000), await allow(3)]).toEqual([TURN, 3]);
  });

  it("begins nothing while the queue has a backlog, and goes on within a second of its end", async () => {
    const { clock, queue, allow } = world();
    queue.waiting = 101;
    expect(await allow(5)).toBe(0);
    queue.waiting = 0;
    expect(await allow(5)).toBe(0);
    clock.now += 1000;
    expect(await allow(5)).toBe(5);
  });

  it("asks the queue once a second, and at once where its clock was put back", async () => {
    const { clock, queue, allow } = world();
    for (let count = 0; count < 5; count += 1) await allow(1);
    expect(queue.looks).toBe(1);
    clock.now -= 600_000;
    await allow(1);
    expect(queue.looks).toBe(2);
  });
});
