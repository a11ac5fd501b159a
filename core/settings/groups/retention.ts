/** How long things are kept, what is logged, and what is traced. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

/** Retention periods that CloudWatch Logs accepts, in days. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const COST = { "operating/cost.md": "cost" };
const TRACING = { "operating/tracing.md": "tracing" };

export const retentionSettings = z.strictObject({
  settledDays: wholeNumber(1, 3650).default(90).register(settingTexts, {
    description: "Time that a terminal transaction, `CONFIRMED` or `FAILED`, stays in the table.",
    unit: "days",
    see: COST,
  }),
  logDays: z
    .int()
    .refine((days) => LOG_RETENTION_DAYS.includes(days), `expected one of ${LOG_RETENTION_DAYS.join(", ")}`)
    .default(30)
    .register(settingTexts, {
      description: "Time that logs are kept.",
      unit: "days",
      range: `one of CloudWatch's periods: ${LOG_RETENTION_DAYS.join(", ")}`,
      see: { "operating/logs.md": "logs" },
    }),
  queueDays: wholeNumber(1, 14)
    .default(14)
    .register(settingTexts, {
      description: "Time that messages stay in the queues, dead letters too.",
      unit: "days",
      see: { "using/dead-letters.md": "dead letters" },
    }),
  manifestDays: wholeNumber(1, 3650)
    .default(400)
    .register(settingTexts, {
      description: "Time that manifests are kept, and locked.",
      unit: "days",
      byDefault: "400, thirteen months",
      see: { "operating/audit.md": "audit" },
    }),
});

export const logSettings = z.strictObject({
  debugSamplePercent: wholeNumber(0, 100)
    .default(0)
    .register(settingTexts, {
      description:
        "Share of transactions whose steps are logged one by one. The hash of the id decides, so that each " +
        "program logs the same ones.",
      unit: "percent",
      see: { "operating/logs.md": "logs" },
    }),
});

export const tracingSettings = z.strictObject({
  share: z.number().min(0).max(1).default(0.05).register(settingTexts, {
    description: "Share of transactions that are traced. A producer may decide otherwise for its own.",
    see: TRACING,
  }),
  reservoirPerSecond: wholeNumber(0, 1000).default(1).register(settingTexts, {
    description: "Traces that are kept whatever the share, by each program that begins some.",
    unit: "traces a second",
    see: TRACING,
  }),
});
