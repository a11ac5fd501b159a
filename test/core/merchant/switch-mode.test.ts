import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ownerOf } from "../../../core/merchant/cut-over-rule.ts";
import { MODES, MOST_SWITCHES, type Switches } from "../../../core/merchant/modes.ts";
import { aroundNow, earliestSwitch, firstSwitches, switched } from "../../../core/merchant/switch-mode.ts";

const NOW = Date.parse("2026-12-01T12:00:00.250Z");
const AHEAD_MS = 60_000;
const EARLIEST = Date.parse("2026-12-01T12:01:01Z");
const SHADOW: Switches = [{ mode: "shadow" }];

const to = (before: Switches | undefined, mode: (typeof MODES)[number], from?: number) =>
  switched(before, { mode, from }, NOW, AHEAD_MS);

describe("a switch", () => {
  it("is from the earliest time that may be, at a whole second, where none is said", () => {
    expect(to(SHADOW, "live")).toEqual({ switches: [...SHADOW, { mode: "live", from: EARLIEST }] });
  });

  it("is from the time that is said", () => {
    const from = NOW + AHEAD_MS;
    expect(to(SHADOW, "live", from)).toEqual({ switches: [...SHADOW, { mode: "live", from }] });
  });

  it("that is nearer than it may be is refused, with the earliest", () => {
    expect(to(SHADOW, "live", NOW + AHEAD_MS - 1)).toEqual({ kind: "too near", earliest: EARLIEST });
    expect(to(SHADOW, "live", NOW - 1)).toEqual({ kind: "too near", earliest: EARLIEST });
  });

  it("of a merchant that was live from the beginning says so first", () => {
    expect(to(undefined, "shadow")).toEqual({ switches: [{ mode: "live" }, { mode: "shadow", from: EARLIEST }] });
  });

  it("takes the place of one that is far enough ahead, be it to a later time", () => {
    const planned: Switches = [...SHADOW, { mode: "live", from: NOW + AHEAD_MS }];
    const from = NOW + 3 * AHEAD_MS;
    expect(to(planned, "live", from)).toEqual({ switches: [...SHADOW, { mode: "live", from }] });
    expect(to(planned, "shadow")).toEqual({ switches: SHADOW });
  });

  it("leaves one that is near, and comes after it", () => {
    const near: Switches = [...SHADOW, { mode: "live", from: NOW + AHEAD_MS - 1 }];
    expect(to(near, "shadow")).toEqual({ switches: [...near, { mode: "shadow", from: EARLIEST }] });
    expect(to(near, "live")).toEqual({ switches: near });
  });

  it("between modes of the old system changes no owner, and takes effect where the last one did", () => {
    const back: Switches = [{ mode: "live" }, { mode: "shadow", from: NOW - 1 }];
    expect(to(back, "mirror")).toEqual({ switches: [{ mode: "live" }, { mode: "mirror", from: NOW - 1 }] });
    expect(to(back, "mirror", NOW + AHEAD_MS)).toEqual({ kind: "no change" });
  });

  it("to what it is already has no time", () => {
    expect(to(undefined, "live", NOW + AHEAD_MS)).toEqual({ kind: "no change" });
    expect(to(undefined, "live")).toEqual({ switches: [{ mode: "live" }] });
  });

  it("beyond as many as a merchant may have is refused", () => {
    const many: Switches = Array.from({ length: MOST_SWITCHES }, (_, index) => {
      const mode = index % 2 === 0 ? "live" : "shadow";
      return index === 0 ? { mode } : { mode, from: index };
    });
    expect(to(many, "live")).toEqual({ kind: "too many" });
  });

  it("never changes who owns what occurred before it could be known of", () => {
    const change = fc.record({
      mode: fc.constantFrom(...MODES),
      afterMs: fc.integer({ min: 0, max: 300_000 }),
      aheadMs: fc.option(fc.integer({ min: -10_000, max: 300_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.constantFrom(undefined, SHADOW), fc.array(change, { maxLength: 12 }), (first, steps) => {
        let [switches, now]: [Switches | undefined, number] = [first, NOW];
        for (const { mode, afterMs, aheadMs } of steps) {
          now += afterMs;
          const wanted = { mode, from: aheadMs === undefined ? undefined : now + aheadMs };
          const result = switched(switches, wanted, now, AHEAD_MS);
          if (!("switches" in result)) continue;
          const from = Math.floor(NOW / 1000);
          const until = Math.floor((now + AHEAD_MS) / 1000);
          const owners = (all: Switches | undefined) =>
            Array.from({ length: 20 }, (_, step) =>
              ownerOf(new Date((from + ((until - from) * step) / 19) * 1000).toISOString(), all),
            );
          expect(owners(result.switches)).toEqual(owners(switches));
          ({ switches } = result);
        }
      }),
    );
  });
});

it("the earliest switch is at a whole second", () => {
  expect(earliestSwitch(NOW, AHEAD_MS)).toBe(EARLIEST);
  expect(earliestSwitch(NOW - 250, AHEAD_MS)).toBe(EARLIEST - 1000);
});

it("a merchant is registered under one mode, and none is written of one that is live", () => {
  expect([undefined, "live", "mirror"].map((mode) => firstSwitches(mode as never))).toEqual([
    undefined,
    undefined,
    [{ mode: "mirror" }],
  ]);
});

it("the switch that holds now has the next one beside it", () => {
  const switches: Switches = [{ mode: "shadow" }, { mode: "live", from: NOW }, { mode: "shadow", from: NOW + 1 }];
  expect(aroundNow(switches, NOW - 1)).toEqual({ current: switches[0], next: switches[1] });
  expect(aroundNow(switches, NOW)).toEqual({ current: switches[1], next: switches[2] });
  expect(aroundNow(undefined, NOW)).toEqual({ current: { mode: "live" }, next: undefined });
});
