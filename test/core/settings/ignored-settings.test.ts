import { describe, expect, it } from "@jest/globals";
import { ignoredSettings } from "../../../core/settings/ignored-settings.ts";
import { parseSettings } from "../../../core/settings/settings.ts";

const ignored = (input: unknown) => ignoredSettings(parseSettings(input));

describe("settings that nothing reads in the mode that was chosen", () => {
  it("are those of tasks and their network in small-account mode", () => {
    const input = {
      delivery: "lambda",
      worker: { cpu: 512, maxTasks: 9 },
      network: { zones: 3 },
      targetRatePerSecond: 9,
    };
    expect(ignored(input)).toEqual(["worker.maxTasks", "worker.cpu", "network.zones"]);
  });

  it("are those of the function in the standard mode", () => {
    expect(ignored({ lambda: { memoryMiB: 1024, maximumConcurrency: 5 } })).toEqual(["lambda.memoryMiB"]);
  });

  it("are labels in small-account mode, unless that is asked for them too", () => {
    const campaigns = ["reminder"];
    expect(ignored({ delivery: "lambda", campaigns })).toEqual(["campaigns"]);
    expect(ignored({ delivery: "lambda", campaigns, lambda: { campaignMetrics: true } })).toEqual([]);
    expect(ignored({ campaigns })).toEqual([]);
    expect(ignored({ campaigns, lambda: { campaignMetrics: true } })).toEqual(["lambda.campaignMetrics"]);
  });

  it("are those of the API where there is none", () => {
    expect(ignored({ api: { waf: true, burst: 5, audience: ["confirmations"] } })).toEqual([
      "api.audience",
      "api.waf",
      "api.burst",
    ]);
    expect(ignored({ api: { cognito: true, waf: true } })).toEqual([]);
  });

  it.each([
    {},
    { delivery: "lambda" },
    { delivery: "lambda", lambda: { maximumConcurrency: 9 } },
    { worker: { cpu: 512 } },
  ])("are none where nothing of the other mode is set: %j", (input) => {
    expect(ignored(input)).toEqual([]);
  });
});
