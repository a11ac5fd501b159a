/** What each merchant of the sandbox gets at most. All of them together have a fixed share of everything. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const SANDBOX = { "using/sandbox.md": "the sandbox" };

export const sandboxSettings = z.strictObject({
  ratePerSecond: wholeNumber(1, 1000)
    .default(10)
    .register(settingTexts, {
      description:
        "Calls a second that a merchant of the sandbox gets at most, from all tasks together. A lower " +
        "`rateLimitPerSecond` of its own holds.",
      unit: "calls a second",
      see: SANDBOX,
    }),
  concurrency: wholeNumber(1, 100)
    .default(5)
    .register(settingTexts, {
      description:
        "Calls in flight that a merchant of the sandbox gets at most, from one task. A lower `maxConcurrency` of " +
        "its own holds.",
      unit: "calls",
      see: SANDBOX,
    }),
});
