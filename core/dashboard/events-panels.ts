/** What is published for other services, how late, and what does not reach whoever subscribed. */
import { EVENTS_TOPIC_NAME, FUNCTION_NAMES, METRICS } from "../settings/names.ts";
import { counted, ofFunction, perSecond } from "./metrics.ts";
import type { Measured, Section } from "./panel.ts";
import type { Place } from "./place.ts";

const { publishEvents } = FUNCTION_NAMES;

/** None where the settings ask for no events. */
export function events({ settings }: Pick<Place, "settings">): readonly Section[] {
  return settings.events.enabled ? [EVENTS] : [];
}

const EVENTS: Section = {
  title: "Events",
  panels: [
    {
      kind: "lines",
      id: "events",
      title: "Events",
      help: "Published each second, and refused by SNS.",
      columns: 8,
      unit: "perSecond",
      series: [
        { label: "Published", value: perSecond(counted(METRICS.eventsPublished, publishEvents)), tone: "blue" },
        { label: "Refused", value: perSecond(counted(METRICS.eventsRefused, publishEvents)), tone: "red" },
      ],
    },
    {
      kind: "lines",
      id: "events-age",
      title: "Age of events",
      help: "How long ago the step was recorded that was published last, in milliseconds.",
      columns: 8,
      unit: "milliseconds",
      series: [{ label: "Oldest", value: ofFunction("IteratorAge", publishEvents, "Maximum"), tone: "orange" }],
    },
    {
      kind: "lines",
      id: "events-delivered",
      title: "To subscribers",
      help: "Messages that SNS handed to queues and functions that are subscribed, and those that it could not.",
      columns: 8,
      unit: "count",
      series: [
        { label: "Delivered", value: ofTopic("NumberOfNotificationsDelivered"), tone: "green" },
        { label: "Failed", value: ofTopic("NumberOfNotificationsFailed"), tone: "red" },
      ],
    },
  ],
};

function ofTopic(name: string): Measured {
  return { namespace: "AWS/SNS", name, dimensions: { TopicName: EVENTS_TOPIC_NAME }, statistic: "Sum" };
}
