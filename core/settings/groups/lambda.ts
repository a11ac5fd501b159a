/** What the function of small-account mode does at once, and what it counts beside. Nothing else runs by these. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const SMALL_ACCOUNT = { "operating/small-account.md": "small-account mode" };

export const lambdaSettings = z.strictObject({
  maximumConcurrency: wholeNumber(2, 1000)
    .default(5)
    .register(settingTexts, {
      description:
        "Executions of `confirmation-transactions` side by side at most, each with up to ten messages; those of the " +
        "ordered queue are two more. An account whose quota is ten has three left for the other functions.",
      unit: "executions",
      see: SMALL_ACCOUNT,
    }),
  memoryMiB: wholeNumber(256, 10_240).default(512).register(settingTexts, {
    description: "Memory of an execution, and with it its share of a CPU. While a merchant is waited for, it is paid.",
    unit: "MiB",
    see: SMALL_ACCOUNT,
  }),
  campaignMetrics: z
    .boolean()
    .default(false)
    .register(settingTexts, {
      description:
        "Whether the labels of `campaigns` are counted in this mode too. They are metrics beyond the eight that it " +
        "has otherwise.",
      see: { "using/campaigns.md": "campaigns" },
    }),
});
