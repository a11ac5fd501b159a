import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseRetryAfter } from "../../core/retry-after.ts";

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);
const utc = (at: number) => new Date(at).toUTCString();

describe("Retry-After", () => {
  it("is a number of seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
        expect(parseRetryAfter([String(seconds)], undefined, NOW)).toBe(seconds);
      }),
    );
  });

  it("is a date, by our clock where the answer has none", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
        expect(parseRetryAfter([utc(NOW + seconds * 1000)], undefined, NOW)).toBe(seconds);
      }),
    );
  });

  it("is a date by the clock of the merchant, which may be wrong, where the answer has its date", () => {
    const merchantsNow = NOW - 7_200_000;
    expect(parseRetryAfter([utc(merchantsNow + 90_000)], utc(merchantsNow), NOW)).toBe(90);
    expect(parseRetryAfter([utc(NOW + 90_000)], "yesterday", NOW)).toBe(90);
  });

  it("is never rounded to earlier than asked", () => {
    expect(parseRetryAfter([utc(NOW + 90_000)], undefined, NOW + 1)).toBe(90);
  });

  it("that is over asks for no time", () => {
    expect(parseRetryAfter([utc(NOW - 90_000)], undefined, NOW)).toBe(0);
  });

  it("counts the longest, where it came more than once", () => {
    expect(parseRetryAfter(["5", "soon", "70"], undefined, NOW)).toBe(70);
  });

  it("may have more digits than a number can hold", () => {
    const seconds = parseRetryAfter(["9".repeat(400)], undefined, NOW);
    expect(seconds).toBe(1_000_000_000);
  });

  it.each(["", "-1", "+5", "1.5", "1e3", "0x10", "5 s", "5, 10", "soon", "Infinity", "٣", "2026-11-22T11:00:00Z"])(
    "of %j is as good as not there",
    (value) => {
      expect(parseRetryAfter([value], utc(NOW), NOW)).toBeUndefined();
    },
  );

  it("that is not there asks for nothing", () => {
    expect(parseRetryAfter([], utc(NOW), NOW)).toBeUndefined();
  });
});
