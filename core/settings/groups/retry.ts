/** When a failed attempt is made again, and when a failing merchant is left alone. */
import { z } from "zod";
import { SCHEDULE_LIMITS } from "../../retry/retry-schedule.ts";
import { settingTexts, wholeNumber } from "../setting.ts";

const RETRIES = { "architecture.md#when-a-failed-attempt-is-retried": "when a failed attempt is retried" };
const ADMISSION = { "architecture.md#admission-control-before-each-merchant": "admission control" };

export const retrySettings = z.strictObject({
  scheduleSeconds: z
    .array(wholeNumber(1, SCHEDULE_LIMITS.waitSeconds))
    .max(SCHEDULE_LIMITS.waits)
    .default([5, 30, 120, 600, 1800, 7200, 21_600, 43_200, 50_400, 57_600, 86_400])
    .register(settingTexts, {
      description:
        "Mean waits after the first, second, … failed attempt. Each wait is drawn from one second to twice its " +
        "mean. There is one attempt more than there are waits. A merchant may have a schedule of its own.",
      range: `a list of at most ${SCHEDULE_LIMITS.waits} waits, each 1 to ${SCHEDULE_LIMITS.waitSeconds} seconds`,
      byDefault: "5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 6 h, 12 h, 14 h, 16 h, 24 h: three days in all",
      see: RETRIES,
    }),
  inQueueMaxSeconds: wholeNumber(0, 900).default(30).register(settingTexts, {
    description: "Waits up to this are spent in the queue, longer ones in the table. 0 always parks in the table.",
    unit: "seconds",
    see: RETRIES,
  }),
  maxRetryAfterSeconds: wholeNumber(1, 604_800)
    .default(86_400)
    .register(settingTexts, {
      description: "Longest wait that a merchant gets when it responds with `Retry-After`.",
      unit: "seconds",
      byDefault: "86400, a day",
      see: { "using/webhook.md": "what a merchant gets" },
    }),
  deliverWithinSeconds: wholeNumber(1, 2_592_000)
    .default(345_600)
    .register(settingTexts, {
      description:
        "Time after its first attempt at which a transaction without `deliverBy` is given up: the schedule's " +
        "three days, and room for its jitter.",
      unit: "seconds",
      byDefault: "345600, four days",
      see: RETRIES,
    }),
});

export const circuitSettings = z
  .strictObject({
    openSeconds: wholeNumber(1, 3600).default(5).register(settingTexts, {
      description:
        "Time that a merchant's circuit stays open before one call probes it. It doubles each time in a row.",
      unit: "seconds",
      see: ADMISSION,
    }),
    maxOpenSeconds: wholeNumber(1, 86_400).default(120).register(settingTexts, {
      description: "Longest time that the circuit stays open.",
      unit: "seconds",
      see: ADMISSION,
    }),
  })
  .refine((circuit) => circuit.openSeconds <= circuit.maxOpenSeconds, {
    path: ["openSeconds"],
    error: "expected at most circuit.maxOpenSeconds; lower openSeconds or raise maxOpenSeconds",
  });
