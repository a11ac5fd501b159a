import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { campaignRange } from "../../../core/campaigns/campaign-range.ts";
import "../../fixed-seed.ts";

const NOW = Date.parse("2026-11-22T10:00:30Z");
const DAY_MS = 86_400_000;
const at = (text: string) => Date.parse(text);

describe("the time over which a campaign is shown", () => {
  it("is the last day, in quarters of an hour, unless another one is asked for", () => {
    expect(campaignRange({}, NOW)).toEqual({
      fromMs: at("2026-11-21T10:00:00Z"),
      toMs: at("2026-11-22T10:15:00Z"),
      periodSeconds: 900,
    });
  });

  it.each([
    [1 / 24, 60],
    [0.5, 300],
    [2, 900],
    [8, 3600],
    [16, 21_600],
    [64, 86_400],
    [400, 86_400],
  ])("of %d days has periods of %d seconds", (days, periodSeconds) => {
    expect(campaignRange({ fromMs: NOW - days * DAY_MS }, NOW)).toMatchObject({ periodSeconds });
  });

  it.each([
    [16, 300],
    [64, 3600],
  ])("that begins %d days ago has no finer periods than CloudWatch keeps", (days, periodSeconds) => {
    const fromMs = NOW - days * DAY_MS;
    expect(campaignRange({ fromMs, toMs: fromMs + 3_600_000 }, NOW)).toMatchObject({ periodSeconds });
  });

  it("covers what was asked for with whole periods, few enough for a chart and for a call", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 454, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (...of) => {
          const [days, share] = of;
          const fromMs = NOW - days * DAY_MS;
          const toMs = Math.ceil(fromMs + share * (NOW - fromMs)) + 1;
          const range = campaignRange({ fromMs, toMs }, NOW);
          if ("detail" in range) throw new Error(range.detail);
          const periodMs = range.periodSeconds * 1000;
          expect(range.fromMs).toBeLessThanOrEqual(fromMs);
          expect(range.toMs).toBeGreaterThanOrEqual(Math.min(toMs, NOW));
          expect([range.fromMs % periodMs, range.toMs % periodMs]).toEqual([0, 0]);
          // Rounding adds one at either end; a year is in days.
          expect((range.toMs - range.fromMs) / periodMs).toBeLessThanOrEqual(Math.max(202, days + 2));
        },
      ),
    );
  });

  it("ends now at the latest", () => {
    expect(campaignRange({ toMs: NOW + DAY_MS, fromMs: NOW - 60_000 }, NOW)).toMatchObject({
      toMs: at("2026-11-22T10:01:00Z"),
    });
  });

  it("is refused where it is empty, or before what is kept", () => {
    expect(campaignRange({ fromMs: NOW, toMs: NOW }, NOW)).toMatchObject({ parameter: "from" });
    expect(campaignRange({ fromMs: NOW + 1 }, NOW)).toMatchObject({ parameter: "from" });
    expect(campaignRange({ toMs: NOW - 456 * DAY_MS }, NOW)).toMatchObject({ parameter: "to" });
    expect(campaignRange({ fromMs: NOW - 456 * DAY_MS }, NOW)).toMatchObject({
      parameter: "from",
      detail: expect.stringContaining("455 days"),
    });
  });
});
