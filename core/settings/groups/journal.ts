/** The journal of what was confirmed, which a restore of the table takes what it lacks from. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const RESTORE = { "operating/restore.md#the-journal": "the journal" };

export const journalSettings = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .register(settingTexts, {
      description:
        "Whether what is confirmed is written a second time, to the bucket of manifests: id, version, what its " +
        "merchant accepted, and the digest of the payload. Without it a restore knows what was confirmed since by " +
        "the table, its stream and manifests alone.",
      see: RESTORE,
    }),
  everySeconds: wholeNumber(1, 60).default(60).register(settingTexts, {
    description: "Time within which it is written. A task that is killed leaves out what it recorded in that time.",
    unit: "seconds",
    see: RESTORE,
  }),
  keptDays: wholeNumber(1, 400)
    .default(36)
    .register(settingTexts, {
      description:
        "Time that its files are kept, and locked. Point-in-time recovery goes back 35 days; further back nothing " +
        "can be restored that they would add to.",
      unit: "days",
      see: RESTORE,
    }),
});
