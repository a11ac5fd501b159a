/** The canary's transactions go all the way: through stream and queue, to the reference merchant and back. */
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { type CostItem, MILLION } from "../cost-item.ts";
import { functionNamed, metricsOf, runsOf } from "./function-runs.ts";
import { A_CANARY } from "./idle.ts";
import type { About } from "./rule.ts";

export function canaries(runs: number, about: About): readonly CostItem[] {
  const { writes, reads, queueRequests, streamRuns } = A_CANARY;
  const millions = runs / MILLION;
  const webhook = functionNamed(FUNCTION_NAMES.confirmationWebhook, about);
  const caller = functionNamed(FUNCTION_NAMES.confirmationTransactions, about);
  const stream = functionNamed(FUNCTION_NAMES.streamTransactions, about);
  const events = functionNamed(FUNCTION_NAMES.publishEvents, about);
  const passes = [webhook, caller, stream, events].filter((one) => one !== undefined);
  return [
    { item: "Canary", of: "writes", usd: millions * writes * PRICES_USD.perMillionWrites },
    { item: "Canary", of: "reads", usd: millions * reads * PRICES_USD.perMillionReads },
    { item: "Canary", of: "queue requests", usd: millions * queueRequests * PRICES_USD.perMillionQueueRequests },
    { item: "Canary", of: "requests to the reference merchant", usd: millions * PRICES_USD.perMillionApiRequests },
    ...(webhook === undefined ? [] : runsOf(webhook, runs)),
    ...(caller === undefined ? [] : runsOf(caller, runs)),
    ...(stream === undefined ? [] : runsOf(stream, runs * streamRuns)),
    ...(events === undefined
      ? []
      : [
          ...runsOf(events, runs * streamRuns),
          { item: "Canary", of: "events", usd: millions * streamRuns * PRICES_USD.perMillionPublications },
        ]),
    ...passes.map(({ name, metrics }) => metricsOf(name, metrics.length)),
  ];
}
