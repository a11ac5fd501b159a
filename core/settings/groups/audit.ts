/** How often the table is audited, and when manifests are written and how they are locked. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const AUDIT = { "operating/audit.md": "audit" };

export const auditSettings = z.strictObject({
  everyHours: wholeNumber(1, 24).default(1).register(settingTexts, {
    description: "Time between two audits of what waits in the due index.",
    unit: "hours",
    see: AUDIT,
  }),
  tableEveryHours: wholeNumber(1, 168)
    .default(24)
    .register(settingTexts, {
      description:
        "Time between two audits of the whole table, which find rows without index keys. Each reads every row " +
        "that is kept.",
      unit: "hours",
      see: AUDIT,
    }),
  segments: wholeNumber(1, 96).default(32).register(settingTexts, {
    description: "Parts of the table that are read side by side at most, each at up to 8 MB a second.",
    unit: "parts",
    see: AUDIT,
  }),
  settleSeconds: wholeNumber(1, 60).default(30).register(settingTexts, {
    description: "Time that a row without index keys is left to the stream before it counts as found.",
    unit: "seconds",
    see: AUDIT,
  }),
  manifestAfterHours: wholeNumber(1, 24).default(6).register(settingTexts, {
    description: "Time after the end of a UTC day at which its manifests are written.",
    unit: "hours",
    see: AUDIT,
  }),
  manifestAgainAfterDays: wholeNumber(2, 30)
    .default(5)
    .register(settingTexts, {
      description:
        "Time after the end of a UTC day at which it is looked at again. What changed gets a further revision. It " +
        "must be less than `retention.settledDays`.",
      unit: "days",
      see: AUDIT,
    }),
  manifestLock: z
    .enum(["governance", "compliance"])
    .default("governance")
    .register(settingTexts, {
      description:
        "How manifests are locked for `retention.manifestDays`. With `governance`, holders of a permission of " +
        "their own can delete them; with `compliance` nobody can, not even the account's owner. Disposable stacks " +
        "lock nothing.",
      see: AUDIT,
    }),
});
