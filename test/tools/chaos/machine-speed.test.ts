import { describe, expect, it } from "@jest/globals";
import { chaosSettings } from "../../../tools/chaos/run/settings.ts";
import { slowness, slownessOf } from "../../../tools/chaos/run/machine-speed.ts";

describe("the time limits of a run", () => {
  it.each([
    [{ queuedPerCore: 0, waited: 1 }, 1],
    [{ queuedPerCore: 1.2, waited: 1.4 }, 1],
    [{ queuedPerCore: 3, waited: 1.1 }, 3],
    [{ queuedPerCore: 0.5, waited: 2.5 }, 2.5],
    [{ queuedPerCore: 40, waited: 9 }, 8],
  ])("are as many times as long as the machine is slower: %j is %d", (busyness, times) => {
    expect(slownessOf(busyness)).toBe(times);
  });

  it("are those of a quiet machine where it is one", () => {
    const settings = { mode: "fargate", merchantPorts: [] } as const;
    expect(chaosSettings(settings).retry?.deliverWithinSeconds).toBe(75);
    expect(chaosSettings({ ...settings, slowness: 2.5 }).retry?.deliverWithinSeconds).toBe(188);
    expect(slowness()).toBeGreaterThanOrEqual(1);
  });
});
