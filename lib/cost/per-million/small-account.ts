/**
 * A second of `confirmation-transactions`, which is in the place of the tasks in small-account mode: it is paid while
 * it waits for merchants, so what a run costs follows from how many messages wait in it side by side.
 */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { campaignLines } from "../at-rest/campaigns.ts";
import { MILLION } from "../cost-item.ts";
import { BATCHES, LOG_BYTES, RESPONSE_SECONDS, ROUND_TRIP_MS } from "./quantities.ts";

const MIB_A_GIB = 1024;
const MS = 1000;

export interface CallerRuns {
  readonly runs: number;
  readonly gbSeconds: number;
  /** Receives and deletes that Lambda makes for it. */
  readonly queueCalls: number;
  readonly logBytes: number;
}

/** Messages wait for a run while all are busy, so that batches fill as the rate needs, up to ten. */
export function callerRuns(messages: number, settings: Settings): CallerRuns {
  const { lambda } = settings;
  const seconds = RESPONSE_SECONDS + (ROUND_TRIP_MS.read + ROUND_TRIP_MS.write) / MS;
  const each = Math.min(BATCHES.messages, Math.max(1, (messages * seconds) / lambda.maximumConcurrency));
  const runs = messages / each;
  const gbSeconds = (runs * seconds * lambda.memoryMiB) / MIB_A_GIB;
  // A message has one label.
  const campaignBytes = Math.min(each, campaignLines(settings)) * LOG_BYTES.campaignLine;
  return { runs, gbSeconds, queueCalls: 2 * runs, logBytes: runs * (LOG_BYTES.execution + campaignBytes) };
}

export function callerUsd({ runs, gbSeconds }: CallerRuns): number {
  return (runs * PRICES_USD.perMillionInvocations) / MILLION + gbSeconds * PRICES_USD.perLambdaGbSecond;
}
