/**
 * What the pipeline promises of all its confirmations together, as alarms measure it, and whether it watches itself
 * with a canary. An alarm wakes when the promise is being broken so fast that its budget would not last (Google SRE
 * workbook, "Alerting on SLOs").
 */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

/** Less could never be missed 14.4 times as fast as allowed, and the fastest alarm would be none. */
const LEAST_PERCENT = 95;
const MOST_PERCENT = 99.99;

const ALARMS = { "runbook.md": "runbook" };
const share = z.number().min(LEAST_PERCENT).max(MOST_PERCENT);

export const objectiveSettings = z.strictObject({
  successPercent: share.default(99.9).register(settingTexts, {
    description: "Share of terminal transactions that are confirmed, or given up for a fault of their merchant.",
    unit: "percent",
    see: ALARMS,
  }),
  withinSeconds: wholeNumber(1, 300).default(30).register(settingTexts, {
    description: "Time from the write of a version to its record as confirmed.",
    unit: "seconds",
    see: ALARMS,
  }),
  withinPercent: share.default(99).register(settingTexts, {
    description: "Share of confirmations that are recorded within `objectives.withinSeconds`.",
    unit: "percent",
    see: ALARMS,
  }),
});

export const referenceMerchantSettings = z.strictObject({
  reservedConcurrency: wholeNumber(0, 1000)
    .default(0)
    .register(settingTexts, {
      description:
        "Executions that are kept for the reference merchant, and its most. 0 keeps none. Lambda wants 100 of an " +
        "account's left unreserved, which new accounts do not have.",
      unit: "executions",
      see: { "operating/deploy.md": "deploy" },
    }),
});

export const canarySettings = z.strictObject({
  enabled: z.boolean().default(true).register(settingTexts, {
    description:
      "Whether a transaction of the pipeline's own goes through all of it again and again. `npm start` says false.",
    see: ALARMS,
  }),
  everyMinutes: wholeNumber(1, 30).optional().register(settingTexts, {
    description: "Time between two canaries.",
    unit: "minutes",
    byDefault: "1, 5 in small-account mode",
    see: ALARMS,
  }),
});

export const alarmSettings = z.strictObject({
  runbookUrl: z
    .url({ protocol: /^https?$/, error: "expected an http or https URL" })
    .optional()
    .register(settingTexts, {
      description: "Address of your copy of the runbook. Alarms name it with their heading.",
      range: "an http or https URL",
      byDefault: "none: the path in this repository",
      see: ALARMS,
    }),
});
