import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { INSTANTS, isInstant, NO_INSTANTS } from "../../../core/transaction/instant.ts";

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The form, a time that JavaScript can read, and the same day again when it is written out. */
function isInstantByDate(value: string): boolean {
  if (!FORM.test(value) || Number.isNaN(Date.parse(value))) return false;
  const day = value.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const two = (max: number) => fc.nat({ max }).map((number) => String(number).padStart(2, "0"));
const zone = fc.oneof(
  fc.constantFrom("Z", "+00:00", "-23:59", "z", ""),
  fc.tuple(fc.constantFrom("+", "-"), two(25), two(61)).map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
);
const seconds = fc.oneof(
  fc.constant(""),
  two(62).map((second) => `:${second}`),
  fc.tuple(two(62), fc.nat()).map(([second, fraction]) => `:${second}.${fraction}`),
);
const instants = fc
  .tuple(fc.constantFrom("0000", "1900", "2000", "2024", "2026", "9999"), two(14), two(33), two(25), two(61))
  .chain(([year, month, day, hour, minute]) =>
    fc.tuple(seconds, zone).map(([rest, ending]) => `${year}-${month}-${day}T${hour}:${minute}${rest}${ending}`),
  );

describe("an instant", () => {
  it("has the same examples in the docs", () => {
    const errors = readFileSync("docs/errors.md", "utf8");
    for (const value of [...INSTANTS, ...NO_INSTANTS]) expect(errors).toContain(`\`${value}\``);
  });

  it("is each example of what is taken, and none of what is not", () => {
    for (const value of INSTANTS) expect([value, isInstant(value)]).toEqual([value, true]);
    for (const value of NO_INSTANTS) expect([value, isInstant(value)]).toEqual([value, false]);
  });

  it.each<[string, boolean]>([
    ["2026-11-22T10:00:00.123456789Z", true],
    ["2026-11-22T10:00:00.1234567890Z", false],
    ["2026-11-22T10:00:00.Z", false],
    ["2026-11-22T10:00:00,5Z", false],
    ["2026-11-22T10Z", false],
    ["2026-11-22T10:00:00z", false],
    ["2026-11-22t10:00:00Z", false],
    ["2026-11-22T24:00:00Z", true],
    ["2026-11-22T23:59:60Z", false],
    ["2026-11-22T10:00:00+01", false],
    ["2026-11-22T10:00:00−01:00", false],
    ["2026-11-22T10:00:00-23:59", true],
    ["2026-11-22T10:00:00+24:00", false],
    ["2026-02-29T10:00:00Z", false],
    ["20261122T100000Z", false],
    ["+002026-11-22T10:00:00Z", false],
    [" 2026-11-22T10:00:00Z", false],
  ])("%j: %j", (value, isOne) => {
    expect(isInstant(value)).toBe(isOne);
  });

  it("is what has the form and can be read as a time of a day that there is", () => {
    fc.assert(
      fc.property(instants, (value) => expect([value, isInstant(value)]).toEqual([value, isInstantByDate(value)])),
      { numRuns: 20_000 },
    );
  });

  it("is told by every day of a year, and by none that there is not", () => {
    for (const year of ["2024", "2026"])
      for (let month = 0; month <= 13; month += 1)
        for (let day = 0; day <= 32; day += 1) {
          const value = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T10:00:00.000Z`;
          expect([value, isInstant(value)]).toEqual([value, isInstantByDate(value)]);
        }
  });
});
