/** Files of transactions that are uploaded: how large they may be, and how long they are kept. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const IMPORTS = { "using/imports.md": "imports" };
/** Of one upload by a form (Amazon S3 User Guide, "Uploading objects"). */
const MAX_MEGABYTES = 5000;

export const importsSettings = z.strictObject({
  maxMegabytes: wholeNumber(1, MAX_MEGABYTES).default(1000).register(settingTexts, {
    description: "Largest file that is taken. The bucket refuses a larger one before it is there.",
    unit: "megabytes",
    see: IMPORTS,
  }),
  keptDays: wholeNumber(1, 90)
    .default(7)
    .register(settingTexts, {
      description:
        "How long files, what was rejected of them, and exports are kept in their bucket. They have what is personal " +
        "in their rows.",
      unit: "days",
      see: IMPORTS,
    }),
});
