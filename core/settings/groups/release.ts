/** How `release-due` puts rows that are due on the queue again. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const DUE_INDEX = { "architecture.md#the-due-index": "the due index" };

export const releaseSettings = z.strictObject({
  leaseSeconds: wholeNumber(1, 86_400).default(900).register(settingTexts, {
    description: "Time that a pending transaction is left alone before it goes on the queue again.",
    unit: "seconds",
    see: DUE_INDEX,
  }),
  everySeconds: wholeNumber(1, 60).default(5).register(settingTexts, {
    description: "Time between two looks for due transactions, inside the minute that one run of `release-due` lasts.",
    unit: "seconds",
    see: DUE_INDEX,
  }),
  ratePerSecond: wholeNumber(1, 300_000)
    .optional()
    .register(settingTexts, {
      description:
        "Most that all executions of `release-due` together put on the queue: so many that wait for merchants, " +
        "and as many that are due. As many executions run side by side as that takes.",
      unit: "transactions a second",
      byDefault: "6000, three times `targetRatePerSecond`",
      see: { "operating/scaling.md": "scaling" },
    }),
  restAfterSeconds: wholeNumber(0, 86_400)
    .default(120)
    .register(settingTexts, {
      description:
        "Time without anything due after which a run of `release-due` ends at once, unless much is on its way. What " +
        "is parked for less than a minute after that waits for the next run.",
      unit: "seconds",
      see: { "operating/cost.md": "cost" },
    }),
  maxUnheard: wholeNumber(1, 1000)
    .default(20)
    .register(settingTexts, {
      description:
        "How often in a row a transaction goes on the queue again without any worker acknowledging it, before it " +
        "fails for good.",
      unit: "times",
      see: { "errors.md#failures": "failures" },
    }),
});
