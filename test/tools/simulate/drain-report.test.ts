import { describe, expect, it } from "@jest/globals";
import { drainReportOf } from "../../../tools/simulate/drain-report.ts";
import type { Result } from "../../../tools/simulate/run/result.ts";

const run = (scenario: Result["scenario"], recordedSeconds: number | null, more: Partial<Result> = {}) =>
  ({ scenario, recordedSeconds, rows: 3_600_000, fairnessLooks: 0, killedLooks: 0, lost: 0, ...more }) as Result;

describe("what is said of the three outages together", () => {
  it("is the longest, with each by its name", () => {
    const runs = [run("no-workers", 60), run("no-queue", 90, { rows: 3_599_980 }), run("no-merchants", 600)];
    expect(drainReportOf(runs)).toEqual({
      scenario: "drain",
      rows: 3_599_980,
      drainMinutes: 10,
      byOutage: { workers: 1, queue: 1.5, merchants: 10 },
      fairnessLooks: 0,
      killedLooks: 0,
      lost: 0,
    });
  });

  it("hides nothing of any of them: never, the most looks, and all that was killed or lost", () => {
    const runs = [
      run("no-workers", 60, { fairnessLooks: 1, lost: 2 }),
      run("no-queue", null, { fairnessLooks: 3, killedLooks: 4 }),
      run("no-merchants", 600, { killedLooks: 5, lost: 6 }),
    ];
    expect(drainReportOf(runs)).toMatchObject({
      drainMinutes: null,
      byOutage: { queue: null },
      fairnessLooks: 3,
      killedLooks: 9,
      lost: 8,
    });
  });

  it("is nothing where one of them was not run", () => {
    expect(drainReportOf([run("no-workers", 60), run("no-queue", 90)])).toBeUndefined();
  });
});
