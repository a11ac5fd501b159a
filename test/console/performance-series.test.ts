import { describe, expect, it } from "@jest/globals";
import type { Performance } from "../../console/src/merchant/merchant-reads.ts";
import { allCalls, latencyDrawing, successDrawing } from "../../console/src/merchant/performance-series.ts";

const SAYS = { succeeded: "ok", p50: "p50", p95: "p95" };
const hour = (from: string, attempts: number, succeeded: number, failures: readonly [string, number][] = []) => ({
  from,
  attempts,
  succeeded,
  failures: failures.map(([outcome, failed]) => ({ outcome, attempts: failed })),
  ...(succeeded > 0 && { latency: { p50Ms: 10, p95Ms: 90, maxMs: 100 } }),
});
const performance: Performance = {
  merchantId: "acme",
  from: "2026-11-22T10:00:00.000Z",
  to: "2026-11-22T12:30:00.000Z",
  basis: "all",
  transactions: 7,
  hours: [
    hour("2026-11-22T10:00:00.000Z", 4, 3, [["timeout", 1]]),
    hour("2026-11-22T11:00:00.000Z", 0, 0),
    hour("2026-11-22T12:00:00.000Z", 3, 0, [
      ["status_5xx", 2],
      ["timeout", 1],
    ]),
  ],
  consistency: "eventual",
};

describe("calls of a merchant, drawn", () => {
  it("have an hour a period, up to the end of the one that is not over", () => {
    expect(successDrawing(performance, SAYS)).toEqual({
      kind: "lines",
      unit: "percent",
      endMs: Date.parse("2026-11-22T13:00:00Z"),
      periodSeconds: 3600,
      periods: 3,
      series: [{ label: "ok", tone: "green", points: [75, null, 0] }],
    });
  });

  it("have gaps where nothing was measured", () => {
    expect(latencyDrawing(performance, SAYS).series.map(({ points }) => points)).toEqual([
      [10, null, null],
      [90, null, null],
    ]);
  });

  it("add up, the class with most failures first", () => {
    expect(allCalls(performance)).toEqual({
      attempts: 7,
      succeeded: 3,
      percent: 300 / 7,
      failures: [
        { outcome: "timeout", attempts: 2 },
        { outcome: "status_5xx", attempts: 2 },
      ],
    });
    expect(allCalls({ hours: [] }).percent).toBeUndefined();
  });
});
