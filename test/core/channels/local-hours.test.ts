import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isWithinHours, isZone, type LocalHours, nextBeginning } from "../../../core/channels/local-hours.ts";

const MINUTE_MS = 60_000;
const berlin = (from: string, to: string, days?: readonly number[]): LocalHours => ({
  from,
  to,
  zone: "Europe/Berlin",
  ...(days !== undefined && { days }),
});

describe("hours of a zone", () => {
  it.each<[string, LocalHours, string, boolean]>([
    ["begin on the minute", berlin("08:00", "20:00"), "2026-01-15T07:00:00Z", true],
    ["have not begun a millisecond before", berlin("08:00", "20:00"), "2026-01-15T06:59:59.999Z", false],
    ["are over on the minute", berlin("08:00", "20:00"), "2026-01-15T19:00:00Z", false],
    ["begin an hour of UTC earlier in summer", berlin("08:00", "20:00"), "2026-07-15T06:00:00Z", true],
    ["go on after midnight", berlin("22:00", "06:00"), "2026-01-15T04:59:00Z", true],
    ["end in the morning", berlin("22:00", "06:00"), "2026-01-15T05:00:00Z", false],
    ["of Friday night last until Saturday morning", berlin("22:00", "06:00", [5]), "2026-01-17T04:00:00Z", true],
    ["of Friday night are not those of Thursday night", berlin("22:00", "06:00", [5]), "2026-01-16T04:00:00Z", false],
    ["of Sunday night last until Monday morning", berlin("22:00", "06:00", [7]), "2026-01-19T04:00:00Z", true],
    ["that end when they begin are the whole day", berlin("00:00", "00:00", [6]), "2026-01-17T22:59:00Z", true],
    ["of a whole day are no other day's", berlin("00:00", "00:00", [6]), "2026-01-17T23:00:00Z", false],
    ["are there in the hour that comes twice, at first", berlin("02:30", "02:45"), "2026-10-25T00:35:00Z", true],
    ["are there in the hour that comes twice, and again", berlin("02:30", "02:45"), "2026-10-25T01:35:00Z", true],
  ])("%s", (_, hours, at, expected) => {
    expect(isWithinHours(hours, Date.parse(at))).toBe(expected);
  });

  it.each<[string, LocalHours, string, string]>([
    ["later that day", berlin("08:00", "20:00"), "2026-01-15T03:10:20Z", "2026-01-15T07:00:00.000Z"],
    ["the day after", berlin("08:00", "20:00"), "2026-01-15T19:00:00Z", "2026-01-16T07:00:00.000Z"],
    [
      "after the weekend",
      berlin("08:00", "20:00", [1, 2, 3, 4, 5]),
      "2026-01-16T19:30:00Z",
      "2026-01-19T07:00:00.000Z",
    ],
    ["a week later", berlin("08:00", "09:00", [4]), "2026-01-15T08:00:00Z", "2026-01-22T07:00:00.000Z"],
    // The clock goes from 02:00 to 03:00 on 29 March: 02:30 is not there, 03:00 is within.
    ["when the clock jumps past it", berlin("02:30", "04:00"), "2026-03-29T00:00:00Z", "2026-03-29T01:00:00.000Z"],
    // The clock jumps over all of it: it is not there that night.
    ["never in a night without it", berlin("02:10", "02:50"), "2026-03-29T00:00:00Z", "2026-03-30T00:10:00.000Z"],
    [
      "twice in the night that has it twice",
      berlin("02:10", "02:50"),
      "2026-10-25T00:55:00Z",
      "2026-10-25T01:10:00.000Z",
    ],
    ["behind a change of the clock", berlin("08:00", "20:00", [7]), "2026-03-28T12:00:00Z", "2026-03-29T06:00:00.000Z"],
  ])("begin next %s", (_, hours, at, expected) => {
    expect(new Date(nextBeginning(hours, Date.parse(at))).toISOString()).toBe(expected);
  });

  it("begin next at the first minute within them, whatever the zone and its clock do", () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "07", "30"))
      .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${minute}`);
    const hoursOf = fc.record({
      from: time,
      to: time,
      zone: fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"),
      days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 3 }),
    });
    // Days around the changes of the clock, where it is hard.
    const instant = fc
      .tuple(
        fc.constantFrom("2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"),
        fc.integer({ min: 0, max: 2 * 1440 * MINUTE_MS }),
      )
      .map(([day, ms]) => Date.parse(day) + ms);
    fc.assert(
      fc.property(hoursOf, instant, (hours, now) => {
        if (isWithinHours(hours, now)) return;
        const begins = nextBeginning(hours, now);
        expect(begins).toBeGreaterThan(now);
        // Each fifth minute until then is looked at, which finds any hours of five minutes, and the last one.
        for (let at = now; at < begins; at += 5 * MINUTE_MS) if (isWithinHours(hours, at)) expect(at).toBe(begins);
        expect(isWithinHours(hours, begins)).toBe(true);
        expect(isWithinHours(hours, begins - 1)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a zone", () => {
  it.each([
    ["America/Sao_Paulo", true],
    ["UTC", true],
    ["Mars/Olympus", false],
    ["+03:00", false],
    ["", false],
  ])("%j is one: %j", (name, expected) => {
    expect(isZone(name)).toBe(expected);
  });
});
