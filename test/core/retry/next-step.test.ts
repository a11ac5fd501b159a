import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Attempt, withAttempt } from "../../../core/transaction/attempt.ts";
import {
  type AttemptOutcome,
  MAX_WAITS_IN_QUEUE,
  nextStep,
  type NextStep,
  type Situation,
} from "../../../core/retry/next-step.ts";
import { CLASS_POLICIES, type FailureClass, countsAsAttempt } from "../../../core/retry/retry-policy.ts";
import type { RetryPolicy } from "../../../core/retry/retry-schedule.ts";
import { parseSettings } from "../../../core/settings/settings.ts";

type Failed = Extract<AttemptOutcome, { kind: "failed" }>;

const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  scheduleSeconds: fc.array(fc.integer({ min: 1, max: 604_800 }), { maxLength: 12 }),
  inQueueMaxSeconds: fc.integer({ min: 0, max: 900 }),
  maxRetryAfterSeconds: fc.integer({ min: 1, max: 604_800 }),
});
/** In [0, 1), as Math.random gives it. */
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failed: Failed = { kind: "failed", class: "status_5xx", status: 503, error: "the endpoint answered 503" };
const busy: Failed = { ...failed, class: "status_429", status: 429, retryAfterSeconds: 0 };
const failures: fc.Arbitrary<Failed> = fc.record(
  {
    kind: fc.constant("failed"),
    class: fc.constantFrom(...(Object.keys(CLASS_POLICIES) as FailureClass[])),
    error: fc.constant("no"),
    status: fc.constantFrom(302, 404, 408, 429, 500, 503),
    retryAfterSeconds: fc.nat(1_000_000),
  },
  { requiredKeys: ["kind", "class", "error"] },
);
const attemptOf = ({ class: outcome, ...about }: Failed): Attempt => ({ at: 1, durationMs: 2, outcome, ...about });
const situations: fc.Arbitrary<Situation> = fc
  .record({
    outcome: failures,
    attemptCount: fc.nat(14),
    now: fc.integer({ min: 0, max: 2 ** 41 }),
    giveUpInMs: fc.integer({ min: -1000, max: 500_000_000 }),
    hasRoomInQueue: fc.boolean(),
    random,
  })
  .map(({ giveUpInMs, ...any }) => ({
    ...any,
    attemptCount: any.attemptCount + (countsAsAttempt(any.outcome) ? 1 : 0),
    attempts: [attemptOf(any.outcome)],
    giveUpAt: any.now + giveUpInMs,
  }));
const policy: RetryPolicy = { scheduleSeconds: [5, 30, 120], inQueueMaxSeconds: 30, maxRetryAfterSeconds: 3600 };
const situation: Situation = {
  outcome: failed,
  attemptCount: 1,
  attempts: [attemptOf(failed)],
  now: 1_000_000,
  giveUpAt: 9_000_000,
  hasRoomInQueue: true,
  random: 0.5,
};
const HALF_SECOND_OF_ROUNDING_MS = 500;
const DAY_MS = 86_400_000;
/** Far more than any transaction takes: one that never ends fails, instead of running on. */
const MOST_CALLS = 100_000;

interface Tried {
  readonly attemptsMade: number;
  readonly calls: number;
  readonly lastAt: number;
  readonly failure: string;
}

/** Tries a transaction until it is given up, by a clock that only the waits move. */
function attemptAll(
  policyOfAll: RetryPolicy,
  giveUpAt: number,
  outcomeOf: () => Failed,
  draw: () => number,
  hasRoomInQueue = true,
): Tried {
  let attempts: Attempt[] = [];
  let attemptsMade = 0;
  let now = 0;
  for (let calls = 1; calls < MOST_CALLS; calls += 1) {
    const outcome = outcomeOf();
    attempts = withAttempt(attempts, attemptOf(outcome));
    if (countsAsAttempt(outcome)) attemptsMade += 1;
    const step = nextStep(policyOfAll, {
      outcome,
      attemptCount: attemptsMade,
      attempts,
      now,
      giveUpAt,
      hasRoomInQueue,
      random: draw(),
    });
    if (step.kind === "fail") return { attemptsMade, calls, lastAt: now, failure: step.failure.code };
    const next = step.kind === "park" ? step.dueAt : now + (step.kind === "confirm" ? 0 : step.delaySeconds * 1000);
    // Not by `expect`, which would take longer than all the attempts.
    if (!(next > now)) throw new Error(`the next try at ${next} is not after ${now}`);
    now = next;
  }
  throw new Error(`does not end within ${MOST_CALLS} calls`);
}

describe("the next step", () => {
  it("of a delivery is always to confirm it, however late it came", () => {
    fc.assert(
      fc.property(policies, situations, (anyPolicy, any) => {
        const outcome: AttemptOutcome = { kind: "delivered", status: 200, disablesUrl: true };
        expect(nextStep(anyPolicy, { ...any, outcome })).toEqual({ kind: "confirm" });
      }),
    );
  });

  it("ends every transaction after no more attempts than one more than there are waits, whatever comes", () => {
    fc.assert(
      fc.property(policies, fc.infiniteStream(failures), fc.infiniteStream(random), (anyPolicy, outcomes, values) => {
        const { attemptsMade } = attemptAll(
          anyPolicy,
          50 * DAY_MS,
          () => (outcomes.next() as { value: Failed }).value,
          () => (values.next() as { value: number }).value,
        );
        expect(attemptsMade).toBeLessThanOrEqual(anyPolicy.scheduleSeconds.length + 1);
      }),
    );
  });

  it("ends a transaction whose failures mend themselves after exactly so many attempts", () => {
    fc.assert(
      fc.property(policies, fc.infiniteStream(random), fc.boolean(), (anyPolicy, values, hasRoomInQueue) => {
        const draw = () => (values.next() as { value: number }).value;
        const { attemptsMade, failure } = attemptAll(
          anyPolicy,
          Number.MAX_SAFE_INTEGER / 2,
          () => failed,
          draw,
          hasRoomInQueue,
        );
        expect({ attemptsMade, failure }).toEqual({
          attemptsMade: anyPolicy.scheduleSeconds.length + 1,
          failure: "attempts_exhausted",
        });
      }),
    );
  });

  it("never lies in the past, nor beyond the time at which it is given up", () => {
    fc.assert(
      fc.property(policies, situations, (anyPolicy, any) => {
        const step = nextStep(anyPolicy, any);
        if (step.kind === "park") {
          expect(step.dueAt).toBeGreaterThanOrEqual(any.now + 1000);
          expect(step.dueAt).toBeLessThanOrEqual(any.giveUpAt);
        }
        if (step.kind === "retry in queue" && step.delaySeconds > 1)
          expect(any.now + step.delaySeconds * 1000).toBeLessThanOrEqual(any.giveUpAt + HALF_SECOND_OF_ROUNDING_MS);
      }),
    );
  });

  it("stays in the queue only with room there, and only for the longest wait that is allowed there", () => {
    fc.assert(
      fc.property(policies, situations, (anyPolicy, any) => {
        const step = nextStep(anyPolicy, any);
        if (step.kind !== "retry in queue") return;
        expect(any.hasRoomInQueue).toBe(true);
        expect(any.attemptCount).toBeLessThanOrEqual(MAX_WAITS_IN_QUEUE);
        expect(step.delaySeconds).toBeGreaterThanOrEqual(1);
        expect(step.delaySeconds).toBeLessThanOrEqual(Math.max(1, anyPolicy.inQueueMaxSeconds));
      }),
    );
  });

  it.each<[string, Partial<Situation>, object]>([
    ["a short wait is spent in the queue", {}, { kind: "retry in queue", delaySeconds: 5 }],
    ["without room it parks at once", { hasRoomInQueue: false }, { kind: "park", dueAt: 1_005_000 }],
    ["a wait at the limit is spent in the queue", { attemptCount: 2 }, { kind: "retry in queue", delaySeconds: 30 }],
    ["a wait over the limit parks", { attemptCount: 2, random: 0.51 }, { kind: "park", dueAt: 1_030_580 }],
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

  it("leaves the queue after a few waits there, however many short ones a schedule has", () => {
    const shortest = { ...policy, scheduleSeconds: Array.from({ length: 10 }, () => 1) };
    const kinds = [1, 2, 3, 4, 5].map((attemptCount) => nextStep(shortest, { ...situation, attemptCount }).kind);
    expect(kinds).toEqual(["retry in queue", "retry in queue", "retry in queue", "park", "park"]);
  });

  it.each(["status_429", "status_4xx", "redirect", "refused"] as const)(
    "never holds a place in the queue for %s",
    (of) => {
      const outcome: Failed = { kind: "failed", class: of, error: "no" };
      const step = nextStep(policy, { ...situation, outcome, attempts: [attemptOf(outcome)], random: 0 });
      expect(step.kind).toBe("park");
    },
  );

  it("says in the reason how the last attempt failed", () => {
    expect(nextStep(policy, { ...situation, attemptCount: 4 })).toMatchObject({
      failure: { reason: expect.stringContaining("The last of 4 tries failed: the endpoint answered 503.") },
    });
  });

  it("says in the reason what is to be done", () => {
    const reasonOf = (changes: Partial<Situation>, scheduleSeconds = policy.scheduleSeconds): unknown => {
      const step = nextStep({ ...policy, scheduleSeconds }, { ...situation, ...changes });
      return step.kind === "fail" ? [step.failure.code, step.failure.reason] : step;
    };
    const mend = "Have the merchant mend its endpoint, then put the dead letter back.";
    const what = "failed: the endpoint answered 503.";
    expect(reasonOf({}, [])).toEqual(["attempts_exhausted", `The only try ${what} ${mend}`]);
    expect(reasonOf({ attemptCount: 4 })).toEqual(["attempts_exhausted", `The last of 4 tries ${what} ${mend}`]);
    expect(reasonOf({ giveUpAt: 1_004_999 })).toEqual([
      "expired",
      `The last attempt ${what} The next one would come after 1970-01-01T00:16:44.999Z, when it is given up.`,
    ]);
    expect(reasonOf({ outcome: { ...failed, abortsMessage: true } })).toEqual([
      "aborted_by_merchant",
      `The last attempt ${what} The merchant asked not to be sent it again. If it is wanted after all, ` +
        "put the dead letter back.",
    ]);
  });

  it("waits a second in the queue at least, and rounds to whole ones", () => {
    const delays = [0, 0.0417, 0.2].map((drawn) => nextStep(policy, { ...situation, random: drawn }));
    expect(delays).toEqual([1, 1, 3].map((delaySeconds) => ({ kind: "retry in queue", delaySeconds })));
    const half = { ...policy, scheduleSeconds: [0.3] };
    expect(nextStep(half, { ...situation, random: 0 })).toEqual({ kind: "retry in queue", delaySeconds: 1 });
  });
});

describe("a wait beyond the time to give up", () => {
  const late = { ...situation, attemptCount: 3, now: 0, giveUpAt: 100_000 };

  it("becomes a last attempt, between five minutes and one before it", () => {
    const draws = [0, 0.5, 0.999_999].map((value) => {
      const giveUpAt = 3_600_000;
      const slow = { ...policy, scheduleSeconds: [5, 30, 604_800] };
      return nextStep(slow, { ...late, giveUpAt, random: Math.max(value, 0.01) });
    });
    expect(draws).toEqual([
      { kind: "park", dueAt: 3_302_400 },
      { kind: "park", dueAt: 3_420_000 },
      { kind: "park", dueAt: 3_540_000 },
    ]);
  });

  it("ends it when it is that late already", () => {
    expect(nextStep(policy, late)).toMatchObject({ kind: "fail", failure: { code: "expired" } });
  });

  it("is made where five minutes and a second are left, and not with less", () => {
    const slow = { ...policy, scheduleSeconds: [5, 30, 604_800] };
    const withLeft = (giveUpAt: number): NextStep => nextStep(slow, { ...late, giveUpAt, random: 0.5 });
    expect(withLeft(301_000)).toEqual({ kind: "park", dueAt: 121_000 });
    expect(withLeft(300_999)).toMatchObject({ kind: "fail", failure: { code: "expired" } });
  });
});

describe("Retry-After", () => {
  it("is never answered by coming earlier, unless it is given up before", () => {
    fc.assert(
      fc.property(policies, situations, (anyPolicy, any) => {
        const { retryAfterSeconds } = any.outcome as Failed;
        fc.pre(retryAfterSeconds !== undefined);
        const step = nextStep(anyPolicy, any);
        expect(["park", "fail"]).toContain(step.kind);
        if (step.kind !== "park") return;
        const askedUntil = any.now + Math.min(retryAfterSeconds, anyPolicy.maxRetryAfterSeconds) * 1000;
        const isLastAttempt = any.giveUpAt - step.dueAt <= 300_000;
        expect(step.dueAt >= askedUntil || isLastAttempt).toBe(true);
      }),
    );
  });

  it("on 429 and 503 does not count as an attempt, so it alone never exhausts them", () => {
    fc.assert(
      fc.property(policies, situations, (anyPolicy, any) => {
        const outcome = { ...(any.outcome as Failed), status: 503, retryAfterSeconds: 1 };
        const step = nextStep(anyPolicy, { ...any, outcome, attempts: [attemptOf(outcome)] });
        if (step.kind === "fail") expect(step.failure.code).toBe("expired");
      }),
    );
  });

  it("on any other failure lengthens the wait of the schedule, and counts as an attempt", () => {
    const outcome: Failed = { ...failed, status: 500, retryAfterSeconds: 600 };
    expect(nextStep(policy, { ...situation, outcome, random: 0 })).toEqual({ kind: "park", dueAt: 1_600_000 });
    const soon: Failed = { ...outcome, retryAfterSeconds: 1 };
    // However short it is, it is waited in the table.
    expect(nextStep(policy, { ...situation, outcome: soon })).toEqual({ kind: "park", dueAt: 1_005_000 });
    expect(nextStep(policy, { ...situation, outcome: soon, attemptCount: 3, random: 0.5 })).toEqual({
      kind: "park",
      dueAt: 1_120_000,
    });
    expect(nextStep(policy, { ...situation, outcome, attemptCount: 4 })).toMatchObject({
      failure: { code: "attempts_exhausted" },
    });
  });

  it("of no time, for ever, makes few calls, waits longer each time, and ends when it is given up", () => {
    const giveUpAt = 4 * DAY_MS;
    const { attemptsMade, calls, lastAt, failure } = attemptAll(
      parseSettings({}).retry,
      giveUpAt,
      () => busy,
      () => 0,
    );
    expect({ attemptsMade, failure }).toEqual({ attemptsMade: 0, failure: "expired" });
    expect(calls).toBeLessThan(150);
    expect(lastAt).toBeLessThanOrEqual(giveUpAt);
  });

  it("beyond the time to give up is one last attempt shortly before it", () => {
    const outcome: Failed = { ...busy, retryAfterSeconds: 3600 };
    const giveUpAt = situation.now + 3_000_000;
    const step = nextStep(policy, { ...situation, outcome, attemptCount: 0, giveUpAt });
    expect(step).toEqual({ kind: "park", dueAt: giveUpAt - 180_000 });
  });
});

describe("a message that its merchant aborts", () => {
  it("is given up at once, whatever attempts it has left, by the merchant's own wish", () => {
    fc.assert(
      fc.property(policies, situations, (anyPolicy, any) => {
        const outcome: AttemptOutcome = { ...(any.outcome as Failed), abortsMessage: true };
        expect(nextStep(anyPolicy, { ...any, outcome })).toMatchObject({
          kind: "fail",
          failure: { code: "aborted_by_merchant", fault: "merchant" },
        });
      }),
    );
  });

  it("is tried like any other failure when only its URL was disabled", () => {
    const outcome: AttemptOutcome = { ...failed, disablesUrl: true };
    expect(nextStep(policy, { ...situation, outcome })).toEqual(nextStep(policy, situation));
  });
});

describe("the default settings", () => {
  it("try for three days in the mean, the time to give up included", () => {
    const { retry } = parseSettings({});
    const draw = drawsOf(7);
    const runs = Array.from({ length: 4000 }, () =>
      attemptAll(retry, retry.deliverWithinSeconds * 1000, () => failed, draw),
    );
    const meanMs = runs.reduce((sum, { lastAt }) => sum + lastAt, 0) / runs.length;
    expect(meanMs).toBeGreaterThanOrEqual(3 * DAY_MS);
    expect(Math.max(...runs.map(({ lastAt }) => lastAt))).toBeLessThanOrEqual(4 * DAY_MS);
  });
});

/** Numbers in [0, 1), the same in every run (Park and Miller). */
function drawsOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
