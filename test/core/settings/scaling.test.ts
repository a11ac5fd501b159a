import { describe, expect, it } from "@jest/globals";
import { backlogPerTask, drainSeconds } from "../../../core/settings/scaling.ts";
import { parseSettings } from "../../../core/settings/settings.ts";

const settings = parseSettings({});
const depths = { waiting: 900, inFlight: 100, ordered: 0, runningTasks: 4 };

describe("backlog per task", () => {
  it("is what waits and is under way, over the tasks that run", () => {
    expect(backlogPerTask(depths, settings)).toBe(250);
  });

  it("counts of the ordered queue no more than a quarter of the most tasks works on", () => {
    expect(backlogPerTask({ ...depths, ordered: 1_000_000 }, settings)).toBe((1000 + 10 * 512) / 4);
  });

  it("is that of one task while none runs", () => {
    expect(backlogPerTask({ ...depths, runningTasks: 0 }, settings)).toBe(1000);
  });
});

describe("the time that a stopping task needs", () => {
  it("is the deadline of a call and what is before and after it", () => {
    expect([50, 10_000, 60_000].map((deadlineMs) => drainSeconds(parseSettings({ delivery: { deadlineMs } })))).toEqual(
      [9, 18, 68],
    );
  });
});
