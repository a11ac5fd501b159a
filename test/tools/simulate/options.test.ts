import { describe, expect, it } from "@jest/globals";
import { parseSimulateOptions } from "../../../tools/simulate/options.ts";

describe("options of npm run simulate", () => {
  it("are all scenarios with the pipeline's policy by default", () => {
    const { settings, ...options } = parseSimulateOptions([]);
    expect(options).toEqual({
      scenarios: ["steady", "spike", "outage", "recovery", "zone"],
      policy: "pipeline",
      seed: 1,
      json: false,
    });
    expect(settings.worker.maxTasks).toBe(40);
  });

  it("choose the three outages together", () => {
    expect(parseSimulateOptions(["--scenario", "drain"]).scenarios).toEqual(["no-workers", "no-queue", "no-merchants"]);
  });

  it("choose one scenario, a policy and settings", () => {
    const args = ["--scenario", "spike", "--policy", "no-parking", "--settings", '{"worker":{"maxTasks":7}}', "--json"];
    const { scenarios, policy, settings, json } = parseSimulateOptions(args);
    expect([scenarios, policy, settings.worker.maxTasks, json]).toEqual([["spike"], "no-parking", 7, true]);
  });

  it.each([
    [["--scenario", "storm"], /--scenario takes steady, .*, got "storm"/],
    [["--policy", "none"], /--policy takes pipeline, no-parking, got "none"/],
    [["--seed", "x"], /--seed takes a whole number from 0/],
    [["--sample", "0"], /--sample takes a whole number from 1 to 100, got "0"/],
    [["--settings", '{"worker":{"maxTasks":0}}'], /--settings: .*settings\.worker\.maxTasks/s],
    [["--fast"], /See: npm run simulate -- --help/],
  ])("are refused in one sentence: %j", (args, message) => {
    expect(() => parseSimulateOptions(args)).toThrow(
      expect.objectContaining({ code: "SIMULATE_OPTIONS_INVALID", message: expect.stringMatching(message) }),
    );
  });
});
