/**
 * What `npm run merchant` prints of a merchant's health row: whether its confirmations get through, and if not why, and
 * what waits.
 */
import { circuitAt, type MerchantHealth } from "../core/merchant/merchant-health.ts";
import type { Merchant } from "../core/merchant/merchant.ts";
import type { MerchantHealthState, Waiting } from "./merchant-health-row.ts";

/** @returns pairs of a name and what is to be said of it */
export function describeMerchantHealth(
  merchant: Merchant,
  state: MerchantHealthState,
  now: number,
): [string, string][] {
  const { health, waiting, isEverythingPaused } = state;
  const { rateLimitPerSecond: rate, maxConcurrency } = merchant;
  return [
    ["rate limit", rate === undefined ? "none" : `${rate} calls a second`],
    [
      "at once",
      maxConcurrency === undefined ? "as many as its answers allow" : `${maxConcurrency} calls from one task`,
    ],
    ...(isEverythingPaused ? [["pipeline", "everything is paused; npm run resume"] as [string, string]] : []),
    ["gate", healthText(health, now)],
    ...health.disabledUrls.map((url): [string, string] => ["disabled", `${url}; --enable ${url}, or another --url`]),
    ["waiting", waitingText(waiting)],
  ];
}

function healthText(health: MerchantHealth, now: number): string {
  if (health.pausedAt !== undefined) return `paused since ${timeOf(health.pausedAt)}; --resume`;
  const circuit = circuitAt(health, now, Number.POSITIVE_INFINITY);
  const trips = `, opened ${health.circuitTrips === 1 ? "once" : `${health.circuitTrips} times`} in a row`;
  if (circuit === "open") return `circuit open until ${timeOf(health.circuitOpenUntil ?? 0)}${trips}`;
  if (circuit === "half open") return `circuit half open: the next call probes the endpoint${trips}`;
  return "open";
}

function waitingText({ transactions, firstGivenUpAt }: Waiting): string {
  const count = transactions === 1 ? "1 transaction" : `${transactions} transactions`;
  return firstGivenUpAt === undefined ? count : `${count}; the first is given up at ${timeOf(firstGivenUpAt)}`;
}

function timeOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "an unknown time" : date.toISOString();
}
