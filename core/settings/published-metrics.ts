/**
 * Which metrics each program publishes, by the mode. CloudWatch bills every metric of its own by the month, each set of
 * dimensions as one: small-account mode has the eight that its alarms rest on or that say how merchants are doing, and
 * one more in months in which SMS reach their spending cap. What is counted beside them is in the log.
 */
import type { DeliveryMode } from "./groups/delivery.ts";
import { FUNCTION_NAMES, METRICS } from "./names.ts";

/** Published by what delivers even if 0: what alarms calculate with must not be missing. */
export const DELIVERY_METRICS_ALWAYS = [
  METRICS.received,
  METRICS.delivered,
  METRICS.attemptFailed,
  METRICS.confirmed,
  METRICS.parked,
  METRICS.deadLetteredMerchant,
  METRICS.deadLetteredPipeline,
] as const;

/** In the place of a list: every metric, with all of its dimensions. */
export const EVERY_METRIC = "*";

const { confirmationTransactions, releaseDue, auditTransactions, canary } = FUNCTION_NAMES;

/** By the name that a program publishes under. */
export const SMALL_ACCOUNT_METRICS: Readonly<Record<string, readonly string[]>> = {
  [confirmationTransactions]: [
    METRICS.confirmed,
    METRICS.commitToConfirmed,
    METRICS.attemptFailed,
    METRICS.deadLetteredMerchant,
    METRICS.deadLetteredPipeline,
    METRICS.smsOverCap,
  ],
  [releaseDue]: [METRICS.deadLetteredPipeline],
  [auditTransactions]: [METRICS.lost],
  [canary]: [METRICS.canaryConfirmed],
};

/** @param service name that the program publishes under */
export function publishedMetrics(mode: DeliveryMode, service: string): readonly string[] {
  return mode === "lambda" ? (SMALL_ACCOUNT_METRICS[service] ?? []) : [EVERY_METRIC];
}

/** Whether a list lets a metric out, and its parts by dimension with it. */
export function publishes(published: readonly string[], metric: string): boolean {
  return published[0] === EVERY_METRIC || published.includes(metric);
}

export function publishesEvery(published: readonly string[]): boolean {
  return published[0] === EVERY_METRIC;
}
