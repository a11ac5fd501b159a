import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ownerOf } from "../../../core/merchant/cut-over-rule.ts";
import {
  modeOf,
  MODES,
  MOST_SWITCHES,
  type Switches,
  switchesOf,
  writeSwitches,
} from "../../../core/merchant/modes.ts";

const NOON = Date.parse("2026-12-01T12:00:00Z");
const CUT_OVER: Switches = [{ mode: "shadow" }, { mode: "live", from: NOON }];

describe("the rule of a cut-over", () => {
  it.each([
    ["2026-12-01T11:59:59.999Z", "old system"],
    ["2026-12-01T11:59:59.999999999Z", "old system"],
    ["2026-12-01T12:00:00Z", "pipeline"],
    ["2026-12-01T12:00Z", "pipeline"],
    ["2026-12-01T12:00:00.000000001Z", "pipeline"],
    ["2026-12-01T13:00:00+01:00", "pipeline"],
    ["2026-12-01T12:59:59.999+01:00", "old system"],
    ["1969-12-31T23:59:59.9Z", "old system"],
  ])("gives what occurred at %s to the %s", (occurredAt, owner) => {
    expect(ownerOf(occurredAt, CUT_OVER)).toBe(owner);
  });

  it("moves later ones alone when a merchant goes back", () => {
    const back: Switches = [...CUT_OVER, { mode: "mirror", from: NOON + 60_000 }];
    expect(["11:59:59", "12:00:30", "12:01:00"].map((time) => modeOf(`2026-12-01T${time}Z`, back))).toEqual([
      "shadow",
      "live",
      "mirror",
    ]);
  });

  it("is the same with the switches as the API shows them", () => {
    fc.assert(
      fc.property(switchesArbitrary, instantArbitrary, (switches, { text }) => {
        const shown = switches.map(({ mode, from }) =>
          from === undefined ? { mode } : { mode, from: new Date(from).toISOString() },
        );
        expect(ownerOf(text, shown)).toBe(modeOf(text, switches) === "live" ? "pipeline" : "old system");
      }),
    );
  });

  it("says so of what it cannot read", () => {
    expect(() => ownerOf("yesterday", CUT_OVER)).toThrow(TypeError);
    expect(() => ownerOf("2026-12-01T12:00Z", [{ mode: "shadow" }, { mode: "live", from: "noon" }])).toThrow(
      'switches/1/from: got "noon", expected ISO 8601 or epoch milliseconds',
    );
  });

  it("leaves a merchant without switches live", () => {
    expect(modeOf("2026-12-01T12:00:00Z", undefined)).toBe("live");
  });

  it("is the one of an old system that compares nanoseconds and looks from the first switch on", () => {
    fc.assert(
      fc.property(switchesArbitrary, instantArbitrary, (switches, { text, nanoseconds }) => {
        expect(modeOf(text, switches)).toBe(byNanoseconds(nanoseconds, switches));
      }),
    );
  });

  it("has one owner for each version, and a switch to come changes it for none that occurred before", () => {
    fc.assert(
      fc.property(switchesArbitrary, instantArbitrary, fc.constantFrom(...MODES), (switches, { text }, mode) => {
        const later = [...switches, { mode, from: Math.max(Date.parse(text), switches.at(-1)?.from ?? 0) + 1 }];
        expect(ownerOf(text, later)).toBe(ownerOf(text, switches));
      }),
    );
  });
});

describe("switches of a row", () => {
  it("are read as they were written", () => {
    fc.assert(fc.property(switchesArbitrary, (all) => expect(switchesOf(writeSwitches(all))).toEqual(all)));
  });

  it.each([
    ["no list", { S: "shadow" }],
    ["an empty list", { L: [] }],
    ["another mode", { L: [{ M: { mode: { S: "dark" } } }] }],
    ["a time of the first", { L: [{ M: { mode: { S: "shadow" }, from: { N: "1" } } }] }],
    ["none of the second", { L: [{ M: { mode: { S: "shadow" } } }, { M: { mode: { S: "live" } } }] }],
    [
      "a time that is none",
      { L: [{ M: { mode: { S: "shadow" } } }, { M: { mode: { S: "live" }, from: { S: "1" } } }] },
    ],
    [
      "times that are not in order",
      {
        L: [
          { M: { mode: { S: "shadow" } } },
          { M: { mode: { S: "live" }, from: { N: "2" } } },
          { M: { mode: { S: "shadow" }, from: { N: "2" } } },
        ],
      },
    ],
    ["more than there may be", writeSwitches(manySwitches(MOST_SWITCHES + 1))],
  ])("that have %s cannot be read", (_, attribute) => {
    expect(switchesOf(attribute)).toBeUndefined();
  });
});

function manySwitches(count: number): Switches {
  return Array.from({ length: count }, (_, from) => (from === 0 ? { mode: "live" } : { mode: "shadow", from }));
}

const MOST_MS = Date.parse("2100-01-01T00:00:00Z");
const LEAST_MS = Date.parse("1950-01-01T00:00:00Z");
const modeArbitrary = fc.constantFrom(...MODES);

/** Times close to each other, so that instants meet them. */
const fromArbitrary = fc.oneof(fc.integer({ min: LEAST_MS, max: MOST_MS }), fc.integer({ min: NOON, max: NOON + 3 }));

const switchesArbitrary: fc.Arbitrary<Switches> = fc
  .tuple(modeArbitrary, fc.uniqueArray(fromArbitrary, { maxLength: 6 }), fc.array(modeArbitrary, { minLength: 6 }))
  .map(([first, times, modes]) => [
    { mode: first },
    ...times.toSorted((one, other) => one - other).map((from, index) => ({ mode: modes[index] ?? "live", from })),
  ]);

interface Instant {
  readonly text: string;
  readonly nanoseconds: bigint;
}

/** With up to nine digits of a second, and in any zone. */
const instantArbitrary: fc.Arbitrary<Instant> = fc
  .tuple(
    fc.oneof(fc.integer({ min: LEAST_MS, max: MOST_MS }), fc.integer({ min: NOON - 2, max: NOON + 4 })),
    fc.integer({ min: 0, max: 999_999 }),
    fc.integer({ min: -14 * 60, max: 14 * 60 }),
  )
  .map(([ms, below, zoneMinutes]) => {
    const local = new Date(ms + zoneMinutes * 60_000).toISOString().slice(0, -1);
    const [hours, minutes] = [Math.floor(Math.abs(zoneMinutes) / 60), Math.abs(zoneMinutes) % 60];
    const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");
    const zone = zoneMinutes === 0 ? "Z" : `${zoneMinutes < 0 ? "-" : "+"}${pad(hours)}:${pad(minutes)}`;
    return { text: `${local}${pad(below, 6)}${zone}`, nanoseconds: BigInt(ms) * 1_000_000n + BigInt(below) };
  });

function byNanoseconds(at: bigint, switches: Switches) {
  let mode = switches[0]?.mode;
  for (const one of switches.slice(1)) if (BigInt(one.from ?? 0) * 1_000_000n <= at) ({ mode } = one);
  return mode;
}
