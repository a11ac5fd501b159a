/**
 * The merchants of the demo and how much of the traffic each kind gets. Most are well; the rest are every kind of
 * trouble in small shares, since each of theirs takes all the attempts there are.
 */
import { BEHAVIOURS, type Behaviour } from "./fleet/response.ts";
import type { FleetMerchant } from "./fleet/messages.ts";

interface KindOfMerchant {
  readonly merchants: number;
  /** Part of all transactions, over all kinds together 1. */
  readonly share: number;
}

const KINDS: Readonly<Record<Behaviour, KindOfMerchant>> = {
  good: { merchants: 12, share: 0.79 },
  slow: { merchants: 4, share: 0.1 },
  "failing-at-first": { merchants: 3, share: 0.06 },
  "failing-always": { merchants: 2, share: 0.02 },
  hanging: { merchants: 2, share: 0.01 },
  resetting: { merchants: 1, share: 0.01 },
  gone: { merchants: 1, share: 0.01 },
};

export const MERCHANTS: readonly FleetMerchant[] = BEHAVIOURS.flatMap((behaviour) =>
  Array.from({ length: KINDS[behaviour].merchants }, (_, index) => ({
    merchantId: `${behaviour}-${index + 1}`,
    behaviour,
  })),
);

const HEALTHY = new Set(
  MERCHANTS.filter(({ behaviour }) => behaviour === "good" || behaviour === "slow").map(({ merchantId }) => merchantId),
);

/** @param draw in [0, 1): which kind by its share. @param choice in [0, 1): which merchant of that kind */
export function merchantFor(draw: number, choice: number): FleetMerchant {
  let reached = 0;
  const behaviour = BEHAVIOURS.find((kind) => draw < (reached += KINDS[kind].share)) ?? "good";
  const ofKind = MERCHANTS.filter((merchant) => merchant.behaviour === behaviour);
  return ofKind[Math.floor(choice * ofKind.length)] as FleetMerchant;
}

/** One that takes what it gets, soon or less soon: whoever waits for it waits for the pipeline. */
export function isHealthy(merchantId: string): boolean {
  return HEALTHY.has(merchantId);
}
