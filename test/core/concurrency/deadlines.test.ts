import { afterEach, describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { beginDeadline } from "../../../core/concurrency/deadlines.ts";

afterEach(() => {
  jest.useRealTimers();
});

describe("a deadline", () => {
  it("ends when its time is over, in order, unless it was cancelled before", () => {
    const step = fc.record({
      ms: fc.constantFrom(10, 10, 10, 25, 400),
      pauseMs: fc.integer({ min: 0, max: 12 }),
      cancelledAfterMs: fc.option(fc.integer({ min: 0, max: 30 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        jest.useFakeTimers();
        const ended: [number, number][] = [];
        const expected: [number, number][] = [];
        for (const [index, { ms, pauseMs, cancelledAfterMs }] of steps.entries()) {
          const at = performance.now();
          const deadline = beginDeadline(ms, () => ended.push([index, performance.now()]));
          if (cancelledAfterMs === null || cancelledAfterMs >= ms) expected.push([index, at + ms]);
          if (cancelledAfterMs !== null && cancelledAfterMs < ms) setTimeout(() => deadline.cancel(), cancelledAfterMs);
          jest.advanceTimersByTime(pauseMs);
        }
        jest.advanceTimersByTime(1000);
        expect(new Set(ended.map(([index]) => index))).toEqual(new Set(expected.map(([index]) => index)));
        expect(ended).toHaveLength(expected.length);
        const endsAt = new Map(expected);
        for (const [index, at] of ended) {
          expect(at).toBeGreaterThanOrEqual(endsAt.get(index) ?? Number.NaN);
          expect(at).toBeLessThanOrEqual((endsAt.get(index) ?? Number.NaN) + 1);
        }
        jest.useRealTimers();
      }),
    );
  });

  it("may be begun and cancelled by one that ends", () => {
    jest.useFakeTimers();
    const ended: string[] = [];
    beginDeadline(70, () => {
      ended.push("first");
      beginDeadline(70, () => ended.push("by the first"));
      second.cancel();
    });
    const second = beginDeadline(70, () => ended.push("second"));
    jest.advanceTimersByTime(30);
    beginDeadline(70, () => ended.push("third"));
    jest.advanceTimersByTime(70);
    expect(ended).toEqual(["first", "third"]);
    jest.advanceTimersByTime(40);
    expect(ended).toEqual(["first", "third", "by the first"]);
  });

  it("does nothing when it is cancelled twice, or after it has ended", () => {
    jest.useFakeTimers();
    const ended: string[] = [];
    const one = beginDeadline(50, () => ended.push("one"));
    const other = beginDeadline(50, () => ended.push("other"));
    one.cancel();
    one.cancel();
    jest.advanceTimersByTime(50);
    other.cancel();
    beginDeadline(50, () => ended.push("next"));
    jest.advanceTimersByTime(50);
    expect(ended).toEqual(["other", "next"]);
  });
});
