/**
 * All panels of the dashboard, from the top: the flow, how long it takes, what goes wrong, how it scales, what it
 * costs, the alarms.
 */
import { campaigns } from "./campaign-panels.ts";
import { channels } from "./channel-panels.ts";
import { cost } from "./cost-panels.ts";
import { events } from "./events-panels.ts";
import { flow } from "./flow-panels.ts";
import { jobs } from "./job-panels.ts";
import { LATENCY } from "./latency-panels.ts";
import { namedSections } from "./named-sections.ts";
import type { Section } from "./panel.ts";
import type { Place } from "./place.ts";
import { scaling } from "./scaling-panels.ts";
import { trouble } from "./trouble-panels.ts";

const ALARMS: Section = {
  title: "Alarms",
  panels: [
    {
      kind: "alarms",
      id: "alarms",
      title: "Each alarm's state",
      help: "Every alarm of the stack; its heading in the runbook says what to do.",
      columns: 24,
    },
  ],
};

export function sectionsOf(place: Place): readonly Section[] {
  return namedSections(place.settings, [
    flow(place),
    LATENCY,
    trouble(place),
    ...events(place),
    ...jobs(place),
    ...channels(place),
    ...campaigns(place),
    scaling(place),
    cost(place),
    ALARMS,
  ]);
}
