import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Attempt, ATTEMPTS_KEPT } from "../../../core/transaction/attempt.ts";
import { outcomeOf } from "../../../core/delivery/response-outcome.ts";
import {
  askedInARow,
  askedWaitMs,
  CLASS_POLICIES,
  classOfStatus,
  type FailureClass,
  scheduledWaitMs,
  countsAsAttempt,
} from "../../../core/retry/retry-policy.ts";
import { inPairs, type RetryPolicy } from "../../../core/retry/retry-schedule.ts";
import { parseSettings } from "../../../core/settings/settings.ts";

const DEFAULT: RetryPolicy = parseSettings({}).retry;
const CLASSES = Object.keys(CLASS_POLICIES) as FailureClass[];
const RETRIED = CLASSES.filter((failureClass) => CLASS_POLICIES[failureClass].waits !== "none");
const DAY_MS = 86_400_000;
/** Waits of 1, 2, 3, … seconds: in pairs 3, 7, 11, … */
const RISING: RetryPolicy = { ...DEFAULT, scheduleSeconds: Array.from({ length: 50 }, (_, index) => index + 1) };
/** The slot itself. */
const MIDDLE = 0.5;
const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  scheduleSeconds: fc.array(fc.integer({ min: 1, max: 604_800 }), { maxLength: 15 }),
  inQueueMaxSeconds: fc.integer({ min: 0, max: 900 }),
  maxRetryAfterSeconds: fc.integer({ min: 1, max: 604_800 }),
});
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const triedAs = (outcome: string, more: Partial<Attempt> = {}): Attempt => ({ at: 1, durationMs: 2, outcome, ...more });
const asked = triedAs("status_429", { status: 429, retryAfterSeconds: 1 });

/** Waits between attempts that all fail in the same way, in milliseconds, without spread. */
function waitsOf(policy: RetryPolicy, failureClass: FailureClass, before: readonly Attempt[] = []): number[] {
  const waits: number[] = [];
  const attempts = [...before];
  for (const _ of Array.from({ length: 100 })) {
    attempts.push(triedAs(failureClass));
    const wait = scheduledWaitMs(policy, failureClass, attempts.length, attempts, MIDDLE);
    if (wait === undefined) return waits;
    waits.push(wait);
  }
  throw new Error("a schedule that does not end");
}
const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);

describe("the classes of failure", () => {
  it("are all that a failing status can be, and those without one", () => {
    const ofStatus = new Set(Array.from({ length: 800 }, (_, index) => classOfStatus(200 + index)));
    const ofChannels = ["service", "uncertain", "unreceipted", "recipient", "template", "not_enabled"] as const;
    const others = ["connection", "refused", "timeout", "unacknowledged", ...ofChannels];
    expect(CLASSES.toSorted()).toEqual([...ofStatus, ...others].toSorted());
  });

  it.each<[FailureClass, readonly number[]]>([
    ["redirect", [300, 303, 305, 307, 399]],
    // 304 leads nowhere: the endpoint is in error.
    ["status_4xx", [304, 400, 401, 404, 407, 409, 410, 428, 430, 499]],
    ["status_408", [408]],
    ["status_429", [429]],
    ["status_5xx", [100, 199, 299, 500, 503, 599, 600, 999]],
  ])("tell %s by its status", (failureClass, statuses) => {
    for (const status of statuses) expect([status, classOfStatus(status)]).toEqual([status, failureClass]);
  });

  it("say which short waits may be spent in the queue, and which take their waits in pairs", () => {
    const having = (is: (failureClass: FailureClass) => boolean): FailureClass[] => CLASSES.filter(is).toSorted();
    expect(having((each) => CLASS_POLICIES[each].mayWaitInQueue)).toEqual([
      "connection",
      "status_408",
      "status_5xx",
      "timeout",
    ]);
    expect(having((each) => CLASS_POLICIES[each].waits === "pairs")).toEqual(["redirect", "refused", "status_4xx"]);
    expect(having((each) => CLASS_POLICIES[each].waits === "each")).toHaveLength(9);
    expect(having((each) => CLASS_POLICIES[each].waits === "none")).toEqual(["not_enabled", "recipient", "template"]);
  });

  it.each(RETRIED)("give %s no more attempts than the schedule has, and an end", (failureClass) => {
    fc.assert(
      fc.property(policies, (policy) => {
        const counted = waitsOf(policy, failureClass).length + 1;
        const isHalf = CLASS_POLICIES[failureClass].waits === "pairs";
        const { length } = isHalf ? inPairs(policy.scheduleSeconds) : policy.scheduleSeconds;
        expect(counted).toBe(length + 1);
      }),
    );
  });

  it("give what no attempt mends no other one", () => {
    expect(waitsOf(DEFAULT, "recipient")).toEqual([]);
    expect(waitsOf(DEFAULT, "recipient", [triedAs("status_4xx")])).toEqual([]);
  });

  it.each(RETRIED)("try %s over more than a day by default: a merchant's deploy is over by then", (failureClass) => {
    expect(sum(waitsOf(DEFAULT, failureClass))).toBeGreaterThan(3 * DAY_MS);
  });

  it.each(["status_4xx", "redirect", "refused"] as const)(
    "try %s seven times by default, not twelve",
    (failureClass) => {
      expect(waitsOf(DEFAULT, failureClass)).toHaveLength(6);
      expect(CLASS_POLICIES[failureClass].mayWaitInQueue).toBe(false);
    },
  );
});

describe("failures of several classes after each other", () => {
  it("never have more attempts than the schedule", () => {
    fc.assert(
      fc.property(policies, fc.infiniteStream(fc.constantFrom(...CLASSES)), (policy, classes) => {
        const attempts: Attempt[] = [];
        for (const failureClass of classes) {
          attempts.push(triedAs(failureClass));
          if (scheduledWaitMs(policy, failureClass, attempts.length, attempts.slice(-10), MIDDLE) === undefined) break;
        }
        expect(attempts.length).toBeLessThanOrEqual(policy.scheduleSeconds.length + 1);
      }),
    );
  });

  it("do not make a first 404 wait as long as the fifth 503, as it may be a deploy", () => {
    const outage = Array.from({ length: 5 }, () => triedAs("status_5xx"));
    expect(waitsOf(DEFAULT, "status_4xx", outage)[0]).toBe(35_000);
  });

  it("do not count what was before a dead letter was put back", () => {
    const before = Array.from({ length: 7 }, () => triedAs("status_4xx"));
    expect(scheduledWaitMs(DEFAULT, "status_4xx", 1, [...before, triedAs("status_4xx")], MIDDLE)).toBe(35_000);
    const mixed = [triedAs("status_4xx"), triedAs("timeout"), triedAs("timeout"), triedAs("status_4xx")];
    expect(scheduledWaitMs(DEFAULT, "status_4xx", 1, mixed, MIDDLE)).toBe(35_000);
  });

  it("count on where the row keeps the newest attempts only", () => {
    const scheduleSeconds = Array.from({ length: 50 }, () => 60);
    const attempts = Array.from({ length: ATTEMPTS_KEPT }, () => triedAs("status_4xx"));
    const waitAfter = (counted: number) =>
      scheduledWaitMs({ ...DEFAULT, scheduleSeconds }, "status_4xx", counted, attempts, MIDDLE);
    expect([waitAfter(25), waitAfter(26)]).toEqual([120_000, undefined]);
  });

  it("count none that did not count as an attempt, of those in pairs", () => {
    const heldBack = triedAs("status_4xx", { status: 429, retryAfterSeconds: 1 });
    const attempts = [heldBack, heldBack, triedAs("status_4xx")];
    expect(scheduledWaitMs(RISING, "status_4xx", 1, attempts, MIDDLE)).toBe(3000);
    expect(scheduledWaitMs(RISING, "status_4xx", 3, attempts, MIDDLE)).toBe(11_000);
    const between = [triedAs("status_4xx"), asked, triedAs("status_4xx")];
    expect(scheduledWaitMs(RISING, "status_4xx", 2, between, MIDDLE)).toBe(7000);
  });

  it("count what the row does not keep any more as its oldest attempt", () => {
    const refusals = Array.from({ length: 9 }, () => triedAs("status_4xx"));
    const after = (oldest: string): number | undefined =>
      scheduledWaitMs(RISING, "status_4xx", 12, [triedAs(oldest), ...refusals], MIDDLE);
    expect(after("timeout")).toBe(35_000);
    expect(after("status_4xx")).toBe(47_000);
  });

  it("pass over attempts of classes that are not known any more", () => {
    const attempts = [triedAs("status"), triedAs("toString"), triedAs("status_4xx")];
    expect(scheduledWaitMs(DEFAULT, "status_4xx", 3, attempts, MIDDLE)).toBe(35_000);
  });
});

describe("an attempt", () => {
  it("is used up by each failure but a 429 or 503 that says when to come back", () => {
    for (const status of [undefined, 302, 404, 408, 429, 500, 502, 503, 504]) {
      const about = status === undefined ? {} : { status };
      expect(countsAsAttempt(about)).toBe(true);
      expect(countsAsAttempt({ ...about, retryAfterSeconds: 60 })).toBe(status !== 429 && status !== 503);
    }
  });

  it("is used up by a Retry-After that means nothing", () => {
    expect(countsAsAttempt(outcomeOf(503, { "retry-after": "soon" }, 0))).toBe(true);
    expect(countsAsAttempt(outcomeOf(503, { "retry-after": "5" }, 0))).toBe(false);
  });
});

describe("a wait that a merchant asked for", () => {
  it("is never shorter than asked, and never longer than the maximum or the least", () => {
    fc.assert(
      fc.property(
        policies,
        fc.nat(1_000_000),
        fc.integer({ min: 1, max: 10 }),
        random,
        (policy, seconds, inARow, value) => {
          const wait = askedWaitMs(policy, seconds, inARow, value);
          const granted = Math.min(seconds, policy.maxRetryAfterSeconds);
          expect(wait).toBeGreaterThanOrEqual(granted * 1000);
          expect(wait).toBeLessThanOrEqual(1000 * Math.max(policy.maxRetryAfterSeconds, 3600));
        },
      ),
    );
  });

  it("doubles for a merchant that asks for no time again and again, so that nothing spins", () => {
    const waits = Array.from({ length: 12 }, (_, index) => askedWaitMs(DEFAULT, 0, index + 1, 0) / 1000);
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
  });

  it("is the schedule's own first one at least, where that is shorter than five seconds", () => {
    const first = (scheduleSeconds: readonly number[], inARow = 1): number =>
      askedWaitMs({ ...DEFAULT, scheduleSeconds }, 0, inARow, 0);
    expect([first([2, 60]), first([60]), first([]), first([60], 0)]).toEqual([2000, 5000, 5000, 2500]);
  });

  it("is spread no further than the longest that may be asked for", () => {
    const policy = { ...DEFAULT, maxRetryAfterSeconds: 3600 };
    expect([3000, 3600, 9999].map((seconds) => askedWaitMs(policy, seconds, 1, 0.5))).toEqual([
      3_300_000, 3_600_000, 3_600_000,
    ]);
    // The least is more than may be asked for, and not spread.
    expect(askedWaitMs({ ...policy, maxRetryAfterSeconds: 1 }, 1, 20, 0.5)).toBe(3_600_000);
  });

  it("is spread to a quarter later, so that not all come back in the same instant", () => {
    const waits = [0, 0.5, 0.999_999].map((value) => askedWaitMs(DEFAULT, 600, 1, value));
    expect(waits).toEqual([600_000, 675_000, 750_000]);
  });

  it("is counted in a row since the last attempt that counted", () => {
    expect(askedInARow([])).toBe(0);
    expect(askedInARow([asked, asked])).toBe(2);
    expect(askedInARow([asked, triedAs("timeout"), asked])).toBe(1);
    expect(askedInARow([asked, triedAs("status_4xx", { status: 404, retryAfterSeconds: 1 })])).toBe(0);
  });
});
