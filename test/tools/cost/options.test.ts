import { describe, expect, it } from "@jest/globals";
import { parseCostOptions } from "../../../tools/cost/options.ts";

describe("options of npm run cost", () => {
  it("are the default settings, and text", () => {
    expect(parseCostOptions([])).toStrictEqual({ settings: {}, json: false });
  });

  it("take settings as they are given", () => {
    const args = ["--json", "--settings", '{"targetRatePerSecond":50}'];
    expect(parseCostOptions(args)).toStrictEqual({ settings: { targetRatePerSecond: 50 }, json: true });
  });

  it.each([
    [["--settings", '{"worker":{"maxTasks":0}}'], /--settings: .*settings\.worker\.maxTasks/s],
    [["--settings", "{"], /--settings: The settings are not JSON/],
    [["--mode", "lambda"], /--mode.*npm run cost -- --help/],
  ])("are refused in one sentence: %j", (args, message) => {
    expect(() => parseCostOptions(args)).toThrow(
      expect.objectContaining({ code: "COST_OPTIONS_INVALID", message: expect.stringMatching(message) }),
    );
  });
});
