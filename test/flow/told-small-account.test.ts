/** What others are told, where a function delivers: services, whoever sends, a merchant's developer who listens. */
import { CAMPAIGNS, campaignsIn } from "./campaigns.ts";
import { EVENTS, eventsIn } from "./events.ts";
import { listenIn } from "./listen.ts";
import { onOneStack } from "./on-one-stack.ts";

onOneStack(
  {
    ...EVENTS,
    ...CAMPAIGNS,
    delivery: { mode: "lambda" },
    lambda: { campaignMetrics: true },
  },
  {
    events: (running) => eventsIn("lambda", running),
    campaigns: (running) => campaignsIn("lambda", running),
    listen: (running) => listenIn("lambda", running),
  },
);
