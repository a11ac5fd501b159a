/** Merchants that are cut over from an old system, one by one. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const CUT_OVER = { "using/cut-over.md": "cut-over" };

/** Seconds for which programs that deliver keep what they know of a merchant, and one more. */
const LEAST_AHEAD_SECONDS = 11;

export const cutOverSettings = z.strictObject({
  aheadSeconds: wholeNumber(LEAST_AHEAD_SECONDS, 86_400)
    .default(60)
    .register(settingTexts, {
      description:
        "Time by which a merchant's switch must be ahead when it is asked for: the ten seconds for which programs " +
        "keep merchants here, how long the old system keeps them, and how far clocks may be apart.",
      unit: "seconds",
      see: CUT_OVER,
    }),
});
