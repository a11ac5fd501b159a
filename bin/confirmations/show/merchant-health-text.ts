/** A merchant's health for a person: whether its confirmations get through, and if not why, and what waits. */
import type { components } from "../api/api-types.ts";
import { addressText } from "./merchant-text.ts";
import { pairs, table } from "./output.ts";

type Health = components["schemas"]["MerchantHealth"];

export function merchantHealthText(health: Health): string {
  const { merchantId, gate, pausedAt, everythingPausedAt, circuit, disabledUrls, limits, lastFailures } = health;
  const trips = circuit.trips === 1 ? "once" : `${circuit.trips} times`;
  const until = circuit.openUntil === undefined ? "" : ` until ${circuit.openUntil}`;
  const lines = pairs({
    merchant: merchantId,
    gate,
    paused: pausedAt && `since ${pausedAt}; npx confirmations merchants resume ${merchantId}`,
    everything: everythingPausedAt && `is paused since ${everythingPausedAt}; npx confirmations resume`,
    circuit: circuit.state === "closed" ? "closed" : `${circuit.state}${until}, opened ${trips} in a row`,
    disabled:
      disabledUrls.length === 0
        ? undefined
        : `${disabledUrls.join(", ")}; npx confirmations merchants enable ${merchantId}`,
    address: addressText(health),
    "rate limit": limits.rateLimitPerSecond && `${limits.rateLimitPerSecond} calls a second`,
    "at once": limits.maxConcurrency && `${limits.maxConcurrency} calls from one task`,
    "turned away": limits.turnedAwayAt && `last at ${limits.turnedAwayAt}`,
    "goes on at": limits.requeuedPerSecond && `${limits.requeuedPerSecond} a second`,
    waiting: waitingText(health.waiting),
  });
  if (lastFailures.length === 0) return lines;
  return `${lines}\n\n${table(
    ["failed last", "attempts", "at", "status", "error"],
    lastFailures.map(({ outcome, attempts, lastAt, lastStatus, lastError }) => [
      outcome,
      attempts,
      lastAt,
      lastStatus,
      lastError,
    ]),
  )}`;
}

function waitingText({ transactions, isWhole, since, firstGivenUpAt }: Health["waiting"]): string {
  const count = `${transactions}${isWhole ? "" : " or more"} transaction${transactions === 1 && isWhole ? "" : "s"}`;
  const from = since === undefined ? "" : `, since ${since}`;
  return firstGivenUpAt === undefined
    ? `${count}${from}`
    : `${count}${from}; the first is given up at ${firstGivenUpAt}`;
}
