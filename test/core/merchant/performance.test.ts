import { describe, expect, it } from "@jest/globals";
import { fullHour, HOUR_MS, hoursOfCalls } from "../../../core/merchant/performance.ts";

const TEN = Date.parse("2026-11-22T10:00:00Z");
const attempt = (at: number, durationMs: number, outcome = "delivered") => ({ at: TEN + at, durationMs, outcome });

describe("calls of a merchant by the hour", () => {
  it("are in the hour in which they began, with latencies of those that succeeded", () => {
    const durations = Array.from({ length: 20 }, (_, index) => index + 1);
    const attempts = [
      ...durations.map((durationMs) => attempt(0, durationMs)),
      attempt(1, 20_000, "timeout"),
      attempt(2, 9, "status_5xx"),
      attempt(3, 9, "timeout"),
      attempt(HOUR_MS, 30, "accepted"),
      attempt(HOUR_MS, 40, "sent"),
    ];
    expect(hoursOfCalls(attempts, TEN, 2)).toEqual([
      {
        from: TEN,
        attempts: 23,
        succeeded: 20,
        failures: [
          { outcome: "timeout", attempts: 2 },
          { outcome: "status_5xx", attempts: 1 },
        ],
        latency: { p50Ms: 10, p95Ms: 19, maxMs: 20 },
      },
      { from: TEN + HOUR_MS, attempts: 2, succeeded: 2, failures: [], latency: { p50Ms: 30, p95Ms: 40, maxMs: 40 } },
    ]);
  });

  it("have hours without any, and nothing of before and after", () => {
    expect(hoursOfCalls([attempt(-1, 5), attempt(HOUR_MS, 5)], TEN, 1)).toEqual([
      { from: TEN, attempts: 0, succeeded: 0, failures: [] },
    ]);
    expect(fullHour(TEN + HOUR_MS - 1)).toBe(TEN);
  });
});
