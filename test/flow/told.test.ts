/** What others are told: services by events, whoever sends by the counts of campaigns. */
import { CAMPAIGNS, campaignsIn } from "./campaigns.ts";
import { EVENTS, eventsIn } from "./events.ts";
import { onOneStack } from "./on-one-stack.ts";

onOneStack(
  { ...EVENTS, ...CAMPAIGNS },
  { events: (running) => eventsIn("fargate", running), campaigns: (running) => campaignsIn("fargate", running) },
);
