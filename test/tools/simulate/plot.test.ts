import { describe, expect, it } from "@jest/globals";
import { plotOf } from "../../../tools/simulate/plot/plot.ts";
import { runScenario } from "../../../tools/simulate/run/run-scenario.ts";
import { parseSettings } from "../../../core/settings/settings.ts";

const runs = async () => [
  await runScenario({
    scenario: "steady",
    settings: parseSettings({ targetRatePerSecond: 100 }),
    policy: "pipeline",
    seed: 1,
    sample: 10,
    writesForSeconds: 65,
  }),
];

describe("the plot", () => {
  it("has a row for each run with what came, what was behind and the tasks", async () => {
    const svg = plotOf(await runs());
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 960 180"[^>]*aria-label="Simulated runs: steady"/);
    for (const name of ["written a second", "confirmed a second", "backlog", "parked", "tasks running"])
      expect(svg).toContain(`>${name}</text>`);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg.match(/class="line/g)).toHaveLength(5);
  });

  it("is readable on light and on dark", async () => {
    expect(plotOf(await runs())).toContain("prefers-color-scheme:dark");
  });
});
