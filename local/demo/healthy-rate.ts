/**
 * How fast the merchants that are well got their confirmations. The whole run takes longer: it waits until those that
 * fail, hang or are gone have used up their attempts, which says nothing of the pipeline's speed.
 */
import { isConfirmation, type Delivery } from "./fleet/ledger.ts";
import { versionKey } from "./judge-deliveries.ts";

export interface HealthyRate {
  /** Versions that their merchants accepted. */
  readonly confirmed: number;
  /** From the first insert until the last of them was accepted. */
  readonly seconds: number;
  readonly perSecond: number;
}

/** @param startMs epoch milliseconds of the first insert */
export function healthyRate(
  deliveries: readonly Delivery[],
  isHealthy: (merchantId: string) => boolean,
  startMs: number,
): HealthyRate {
  const accepted = deliveries.filter((delivery) => isConfirmation(delivery) && isHealthy(delivery.merchantId));
  const confirmed = new Set(accepted.map(versionKey)).size;
  const endMs = accepted.reduce((last, { arrivedAtMs }) => Math.max(last, arrivedAtMs), startMs);
  const seconds = (endMs - startMs) / 1000;
  return { confirmed, seconds: tenths(seconds), perSecond: seconds > 0 ? tenths(confirmed / seconds) : 0 };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
