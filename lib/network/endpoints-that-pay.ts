/**
 * Which interface endpoints cost less than the bytes that they keep off the NAT gateways, at the rate that the service
 * is sized for. One costs its hours in each zone, and a GB is $0.035 cheaper through it: two zones pay from 417 GB a
 * month on, which is what SQS carries at 80 confirmations a second. Nothing else that a task calls comes near it: it
 * fetches its secret and image once, opens few secrets, and logs some lines.
 */
import { PRICES_USD } from "../../core/settings/prices.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { GB, HOURS_A_MONTH, SECONDS_A_MONTH } from "../cost/cost-item.ts";
import { LOG_BYTES, QUEUE_BYTES } from "../cost/per-million/quantities.ts";

/** Bytes a second between tasks and a service; of those that are left out, next to none. */
type Traffic = Readonly<Record<string, (settings: Settings) => number>>;

const TRAFFIC: Traffic = {
  Sqs: ({ targetRatePerSecond }) => targetRatePerSecond * QUEUE_BYTES,
  Logs: ({ worker }) => worker.minTasks * LOG_BYTES.taskSecond,
};

export function isEndpointWanted(name: string, settings: Settings): boolean {
  const { endpoints } = settings.network;
  return endpoints === "where-they-pay" ? pays(name, settings) : endpoints === "all";
}

function pays(name: string, settings: Settings): boolean {
  const gb = ((TRAFFIC[name]?.(settings) ?? 0) * SECONDS_A_MONTH) / GB;
  const saved = gb * (PRICES_USD.perNatGb - PRICES_USD.perEndpointGb);
  return saved > settings.network.zones * PRICES_USD.perEndpointHour * HOURS_A_MONTH;
}
