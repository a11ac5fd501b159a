/** What CloudWatch is asked to rank and count beside metrics and alarms. Each costs money whatever happens. */
import { z } from "zod";
import { settingTexts } from "../setting.ts";

export const insightSettings = z.strictObject({
  containers: z
    .boolean()
    .default(false)
    .register(settingTexts, {
      description:
        "Whether Container Insights counts tasks and what they use, about $11 a month. Without it alarms and scaling " +
        "count the tasks by the samples of their memory, and know the least that is wanted but not how many are.",
      see: { "operating/cost.md": "cost" },
    }),
  merchants: z
    .boolean()
    .default(false)
    .register(settingTexts, {
      description:
        "Whether rules of Contributor Insights rank merchants by what fails, $1.50 a month and $0.02 a million " +
        "lines. Without them a query of the logs does so when it is asked. `npm start` says true for both.",
      see: { "operating/metrics.md#by-merchant": "metrics by merchant" },
    }),
});
