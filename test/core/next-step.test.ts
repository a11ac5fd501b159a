import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type AttemptOutcome, nextStep, type Situation } from "../../core/next-step.ts";
import { retryDelayMs, type RetryPolicy } from "../../core/retry-schedule.ts";

const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  scheduleSeconds: fc.array(fc.integer({ min: 1, max: 604_800 }), { maxLength: 12 }),
  inQueueMaxSeconds: fc.integer({ min: 0, max: 900 }),
});
/** In [0, 1), as Math.random gives it. */
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failed: AttemptOutcome = { kind: "failed", class: "status", status: 503, error: "the endpoint answered 503" };
const situations: fc.Arbitrary<Situation> = fc.record({
  outcome: fc.constant(failed),
  attemptCount: fc.integer({ min: 1, max: 14 }),
  now: fc.integer({ min: 0, max: 2 ** 41 }),
  giveUpAt: fc.integer({ min: 0, max: 2 ** 41 }),
  hasRoomInQueue: fc.boolean(),
  random,
});
const policy: RetryPolicy = { scheduleSeconds: [5, 30, 120], inQueueMaxSeconds: 30 };
const situation: Situation = {
  outcome: failed,
  attemptCount: 1,
  now: 1_000_000,
  giveUpAt: 9_000_000,
  hasRoomInQueue: true,
  random: 0.5,
};

describe("the wait before the next try", () => {
  it("lies within half and one and a half of its slot", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 12 }), random, (anyPolicy, attemptCount, value) => {
        const slot = anyPolicy.scheduleSeconds[attemptCount - 1];
        fc.pre(slot !== undefined);
        const delay = retryDelayMs(anyPolicy, attemptCount, value) as number;
        expect(delay).toBeGreaterThanOrEqual(500 * slot);
        expect(delay).toBeLessThanOrEqual(1500 * slot);
      }),
    );
  });

  it("is spread over the whole slot", () => {
    expect([0, 0.25, 0.75, 0.999].map((value) => retryDelayMs(policy, 2, value))).toEqual([
      15_000, 22_500, 37_500, 44_970,
    ]);
  });

  it("is no more once the schedule is used up", () => {
    expect([1, 2, 3, 4].map((count) => retryDelayMs(policy, count, 0.5))).toEqual([5000, 30_000, 120_000, undefined]);
  });
});

describe("the next step", () => {
  it("of a delivery is always to confirm it, however late it came", () => {
    fc.assert(
      fc.property(policies, situations, (anyPolicy, any) => {
        const outcome: AttemptOutcome = { kind: "delivered", status: 200 };
        expect(nextStep(anyPolicy, { ...any, outcome })).toEqual({ kind: "confirm" });
      }),
    );
  });

  it("ends every transaction after one attempt more than there are waits", () => {
    fc.assert(
      fc.property(policies, fc.infiniteStream(random), fc.boolean(), (anyPolicy, values, hasRoomInQueue) => {
        let attempts = 0;
        let kind: string;
        do {
          attempts += 1;
          const { value } = values.next() as { value: number };
          const giveUpAt = Number.MAX_SAFE_INTEGER / 2;
          ({ kind } = nextStep(anyPolicy, {
            ...situation,
            attemptCount: attempts,
            giveUpAt,
            hasRoomInQueue,
            random: value,
          }));
        } while (kind !== "fail");
        expect(attempts).toBe(anyPolicy.scheduleSeconds.length + 1);
      }),
    );
  });

  it("never lies beyond the time at which it is given up", () => {
    fc.assert(
      fc.property(policies, situations, (anyPolicy, any) => {
        const step = nextStep(anyPolicy, any);
        const HALF_SECOND_OF_ROUNDING = 500;
        if (step.kind === "park") expect(step.dueAt).toBeLessThanOrEqual(any.giveUpAt);
        if (step.kind === "retry in queue" && step.delaySeconds > 1)
          expect(any.now + step.delaySeconds * 1000).toBeLessThanOrEqual(any.giveUpAt + HALF_SECOND_OF_ROUNDING);
      }),
    );
  });

  it("stays in the queue only with room there, and only for the longest wait that is allowed there", () => {
    fc.assert(
      fc.property(policies, situations, (anyPolicy, any) => {
        const step = nextStep(anyPolicy, any);
        if (step.kind !== "retry in queue") return;
        expect(any.hasRoomInQueue).toBe(true);
        expect(step.delaySeconds).toBeGreaterThanOrEqual(1);
        expect(step.delaySeconds).toBeLessThanOrEqual(Math.max(1, anyPolicy.inQueueMaxSeconds));
      }),
    );
  });

  it.each<[string, Partial<Situation>, object]>([
    ["a short wait is spent in the queue", {}, { kind: "retry in queue", delaySeconds: 5 }],
    ["without room it parks at once", { hasRoomInQueue: false }, { kind: "park", dueAt: 1_005_000 }],
    ["a wait at the limit is spent in the queue", { attemptCount: 2 }, { kind: "retry in queue", delaySeconds: 30 }],
    ["a wait over the limit parks", { attemptCount: 2, random: 0.51 }, { kind: "park", dueAt: 1_030_300 }],
    ["a long wait parks", { attemptCount: 3 }, { kind: "park", dueAt: 1_120_000 }],
    ["a try exactly at the end is made", { giveUpAt: 1_005_000 }, { kind: "retry in queue", delaySeconds: 5 }],
    [
      "one beyond it is not",
      { giveUpAt: 1_004_999 },
      { kind: "fail", failure: { code: "expired", fault: "merchant" } },
    ],
    ["the last attempt was the last", { attemptCount: 4 }, { kind: "fail", failure: { code: "attempts_exhausted" } }],
  ])("is so that %s", (_, changes, expected) => {
    expect(nextStep(policy, { ...situation, ...changes })).toMatchObject(expected);
  });

  it("says in the reason how the last attempt failed", () => {
    expect(nextStep(policy, { ...situation, attemptCount: 4 })).toMatchObject({
      failure: { reason: expect.stringContaining("The last of 4 attempts failed: the endpoint answered 503.") },
    });
  });
});
