import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { canaryId, judgedAtMs } from "../../../core/merchant/canary.ts";

const AT = Date.parse("2026-11-22T10:07:31.500Z");

describe("the canary of a minute", () => {
  it("is the same however often the minute's run comes", () => {
    expect(canaryId(AT)).toBe("canary-2026-11-22T10:07Z");
    expect(canaryId(AT + 28_000)).toBe(canaryId(AT));
    expect(canaryId(AT + 29_000)).not.toBe(canaryId(AT));
  });

  it("is judged in the first minute that is past its time, with a margin", () => {
    expect(AT - judgedAtMs(AT, 30)).toBe(60_000);
    expect(AT - judgedAtMs(AT, 50)).toBe(60_000);
    expect(AT - judgedAtMs(AT, 51)).toBe(120_000);
    expect(AT - judgedAtMs(AT, 300)).toBe(360_000);
  });

  it("is judged by a later run where there is not one each minute", () => {
    expect(AT - judgedAtMs(AT, 30, 5)).toBe(300_000);
    expect(AT - judgedAtMs(AT, 300, 5)).toBe(600_000);
  });

  it("is judged once, if the function runs once a minute", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 2, max: 50 }), (withinSeconds, minutes) => {
        const judged = Array.from({ length: minutes }, (_, n) => canaryId(judgedAtMs(AT + n * 60_000, withinSeconds)));
        expect(new Set(judged).size).toBe(minutes);
      }),
    );
  });
});
