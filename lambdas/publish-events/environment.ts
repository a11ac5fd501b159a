/** Environment of `publish-events`, which its construct writes and it reads. Imports nothing of the program. */
import { declareEnvironment } from "../../core/settings/environment.ts";
import { publishedMetrics } from "../../core/settings/shared-variables.ts";
import { text } from "../../core/settings/variable-kinds.ts";

export const publishEventsEnvironment = declareEnvironment("publish-events", {
  eventsTopicArn: text("EVENTS_TOPIC_ARN"),
  eventsSource: text("EVENTS_SOURCE"),
  publishedMetrics,
});
