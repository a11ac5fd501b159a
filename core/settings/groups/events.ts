/** Events of what was recorded, for other services: a topic, and the function that publishes to it. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const EVENTS = { "using/events.md": "events" };

export const eventsSettings = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .register(settingTexts, {
      description:
        "Whether what is recorded is published to the topic `confirmation-events`, by a second reader of the table's " +
        "stream. DynamoDB lets two read a stream: with it, nothing else may. Without it there is no topic, no " +
        "function and no cost.",
      see: EVENTS,
    }),
  batchingWindowSeconds: wholeNumber(0, 60)
    .default(1)
    .register(settingTexts, {
      description:
        "Time that steps of transactions are gathered before they are published. More makes fuller calls, and later " +
        "events.",
      unit: "seconds",
      see: EVENTS,
    }),
  merchantWindowSeconds: wholeNumber(0, 300)
    .default(15)
    .register(settingTexts, {
      description:
        "Time that changes of merchants' health are gathered: what is as before at its end, such as a circuit that " +
        "opened and closed, is not told.",
      unit: "seconds",
      see: EVENTS,
    }),
});
