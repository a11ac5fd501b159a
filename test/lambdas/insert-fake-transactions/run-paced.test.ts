import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { runPaced, type Pace } from "../../../lambdas/insert-fake-transactions/run-paced.ts";

/** A clock that only sleeping moves. */
function pace(changes: Partial<Pace> = {}): { pace: Pace; clock: { nowMs: number } } {
  const clock = { nowMs: 1000 };
  const sleep = async (milliseconds: number) => {
    clock.nowMs += milliseconds;
  };
  return {
    clock,
    pace: {
      count: 10,
      ratePerSecond: 10,
      concurrency: 4,
      hasTimeLeft: () => true,
      nowMs: () => clock.nowMs,
      sleep,
      ...changes,
    },
  };
}

test("none comes before its moment, and the last not long after it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 5000 }),
      async (count, ratePerSecond) => {
        const { pace: fast, clock } = pace({ count, ratePerSecond, concurrency: 1000 });
        const momentsMs: number[] = [];
        const { done } = await runPaced(fast, async (index) => {
          momentsMs[index] = clock.nowMs - 1000;
        });
        expect(done).toBe(count);
        for (const [index, momentMs] of momentsMs.entries()) {
          expect(momentMs).toBeGreaterThanOrEqual((index * 1000) / ratePerSecond - 0.001);
          expect(momentMs).toBeLessThanOrEqual((index * 1000) / ratePerSecond + 10);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test("after a standstill it catches up instead of drifting", async () => {
  const { pace: steady, clock } = pace({ count: 20 });
  const begunAtMs: number[] = [];
  await runPaced(steady, async (index) => {
    begunAtMs.push(clock.nowMs - 1000);
    if (index === 4) clock.nowMs += 800;
  });
  expect(begunAtMs.at(-1)).toBeLessThanOrEqual(1910);
});

test("no more are under way at once than allowed", async () => {
  let inFlight = 0;
  let most = 0;
  await runPaced(pace({ count: 50, ratePerSecond: Number.POSITIVE_INFINITY, concurrency: 4 }).pace, async () => {
    most = Math.max(most, (inFlight += 1));
    await new Promise(setImmediate);
    inFlight -= 1;
  });
  expect(most).toBe(4);
});

test("out of time, it finishes what is under way and says how many were done", async () => {
  let asked = 0;
  const { done, failure } = await runPaced(pace({ hasTimeLeft: () => (asked += 1) <= 6 }).pace, async () => {});
  expect(failure).toBeUndefined();
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(10);
});

test("after a failure none is begun, and it is handed back", async () => {
  const fault = new Error("refused");
  const begun: number[] = [];
  const { done, failure } = await runPaced(pace({ concurrency: 1 }).pace, async (index) => {
    begun.push(index);
    if (index === 3) throw fault;
  });
  expect(failure).toBe(fault);
  expect(done).toBe(3);
  expect(begun).toEqual([0, 1, 2, 3]);
});
