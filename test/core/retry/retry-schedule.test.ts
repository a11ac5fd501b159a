import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { inPairs, isSchedule, MIN_WAIT_MS, spreadMs } from "../../../core/retry/retry-schedule.ts";
import { parseSettings } from "../../../core/settings/settings.ts";

const slots = fc.integer({ min: 1, max: 604_800 });
const schedules = fc.array(slots, { maxLength: 50 });
/** In [0, 1), as Math.random gives it. */
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);
const THREE_DAYS_SECONDS = 259_200;
const ROUNDED_MS = 1;

describe("a wait", () => {
  it(
    "is never below a second, so that a connection that fails fast is not attempted again at once, and never " +
      "twice its slot",
    () => {
      fc.assert(
        fc.property(slots, random, (slot, value) => {
          expect(spreadMs(slot, value)).toBeGreaterThanOrEqual(MIN_WAIT_MS);
          expect(spreadMs(slot, value)).toBeLessThanOrEqual(2000 * slot - MIN_WAIT_MS);
        }),
      );
    },
  );

  it("is its slot in the mean, as for each draw there is its mirror", () => {
    fc.assert(
      fc.property(slots, random, (slot, value) => {
        const mirrored = spreadMs(slot, value) + spreadMs(slot, 1 - value);
        expect(Math.abs(mirrored - 2000 * slot)).toBeLessThanOrEqual(2 * ROUNDED_MS);
      }),
    );
  });

  it("is spread evenly over the whole of its slot, from the least to twice the slot", () => {
    const draws = [0, 0.25, 0.5, 0.75, 0.999_999].map((value) => spreadMs(30, value));
    expect(draws).toEqual([1000, 15_500, 30_000, 44_500, 59_000]);
  });
});

describe("the default schedule", () => {
  const { scheduleSeconds } = parseSettings({}).retry;

  it("reaches three days in the mean", () => {
    expect(sum(scheduleSeconds)).toBeGreaterThanOrEqual(THREE_DAYS_SECONDS);
  });

  it("is a schedule", () => {
    expect(isSchedule(scheduleSeconds)).toBe(true);
  });
});

describe("a schedule in pairs", () => {
  it("reaches as far with half the waits", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(sum(inPairs(schedule))).toBe(sum(schedule));
        expect(inPairs(schedule)).toHaveLength(Math.ceil(schedule.length / 2));
      }),
    );
    expect(inPairs([5, 30, 120])).toEqual([35, 120]);
  });
});

describe("what may be a schedule", () => {
  it.each<[string, unknown[], boolean]>([
    ["no wait at all, which is one try", [], true],
    ["the shortest and the longest wait", [1, 604_800], true],
    ["fifty waits", Array.from({ length: 50 }, () => 1), true],
    ["fifty-one", Array.from({ length: 51 }, () => 1), false],
    ["no time", [0], false],
    ["more than a week", [604_801], false],
    ["a fraction", [1.5], false],
    ["what is no number", [Number.NaN], false],
    ["nothing", [undefined], false],
  ])("%s", (_, waits, expected) => {
    expect(isSchedule(waits)).toBe(expected);
  });
});
