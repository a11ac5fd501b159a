import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseRetryAfter } from "../../../core/retry/retry-after.ts";

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

  it("is a date, by our clock where the response has none", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
        expect(parseRetryAfter([utc(NOW + seconds * 1000)], undefined, NOW)).toBe(seconds);
      }),
    );
  });

  it("is a date by the clock of the merchant, which may be wrong, where the response has its date", () => {
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

  const IN_90_S = "Sun, 22 Nov 2026 10:01:30";
  const EPOCH = NOW / 1000;

  it.each<[string, number | undefined]>([
    ["0", 0],
    ["120", 120],
    [" \t120 ", 120],
    ["0120", 120],
    ["120.0", 120],
    ["120.001", 121],
    ["0.5", 1],
    ["120, 120", 120],
    ["5,10 ,7", 10],
    ["120,", 120],
    ["120, soon", 120],
    [`${IN_90_S} GMT`, 90],
    [`${IN_90_S} UTC`, 90],
    [`${IN_90_S} +0000`, 90],
    [`${IN_90_S} -0000`, 90],
    ["Sunday, 22-Nov-26 10:01:30 GMT", 90],
    ["Sun Nov 22 10:01:30 2026", 90],
    [`${IN_90_S} GMT, ${IN_90_S} GMT`, 90],
    [`20, ${IN_90_S} GMT, 30`, 90],
    ["Sun, 22 Nov 2026 09:00:00 GMT", 0],
    [String(EPOCH + 90), 90],
    [`${EPOCH + 90}.5`, 91],
    [String(NOW + 90_000), 90],
    [String(EPOCH - 90), 0],
    ["1790000000", 0],
    ["999999999", 999_999_999],
    ["10000000000", 1_000_000_000],
    [`${"1,".repeat(15)}2`, 2],
    [`${"1,".repeat(16)}2`, 1],
    ["", undefined],
    [" ", undefined],
    [",", undefined],
    ["-1", undefined],
    ["+120", undefined],
    ["120s", undefined],
    ["5 s", undefined],
    ["1.", undefined],
    [".5", undefined],
    ["1e3", undefined],
    ["0x10", undefined],
    ["1_000", undefined],
    ["PT2M", undefined],
    ["soon", undefined],
    ["Infinity", undefined],
    ["٣", undefined],
    ["2026-11-22T11:00:00Z", undefined],
    [`${IN_90_S} +0100`, undefined],
    [IN_90_S, undefined],
    [`${IN_90_S} gmt`, undefined],
    ["Sun, 120", undefined],
    ["Sun,", undefined],
  ])("of %j is %j", (value, seconds) => {
    expect(parseRetryAfter([value], utc(NOW), NOW)).toBe(seconds);
  });

  it("of a time since 1970 is measured by the clock of the merchant", () => {
    expect(parseRetryAfter(["1790000120"], utc(1_790_000_000_000), NOW)).toBe(120);
    expect(parseRetryAfter(["1790000120"], undefined, 1_790_000_000_000)).toBe(120);
  });

  it("that is not there asks for nothing", () => {
    expect(parseRetryAfter([], utc(NOW), NOW)).toBeUndefined();
  });
});
