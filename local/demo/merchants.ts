/**
 * The merchants of the demo and how much of the traffic each kind gets. Most are well; the rest are every kind of
 * trouble in small shares, since each of theirs takes all the attempts there are.
 */
import { ACKNOWLEDGING_BEHAVIOURS, type AcknowledgingBehaviour, type Behaviour, BEHAVIOURS } from "./fleet/response.ts";
import type { FleetMerchant } from "./fleet/messages.ts";

interface KindOfMerchant {
  readonly merchants: number;
  /** Part of all transactions, over all kinds together 1. */
  readonly share: number;
  readonly acknowledgeWithinSeconds?: number;
}

const BEHAVIOURS_HERE = [...BEHAVIOURS, ...ACKNOWLEDGING_BEHAVIOURS] as const;
const KINDS: Readonly<Record<Behaviour | AcknowledgingBehaviour, KindOfMerchant>> = {
  good: { merchants: 12, share: 0.75 },
  slow: { merchants: 4, share: 0.1 },
  "failing-at-first": { merchants: 3, share: 0.06 },
  "failing-always": { merchants: 2, share: 0.02 },
  hanging: { merchants: 2, share: 0.01 },
  resetting: { merchants: 1, share: 0.01 },
  gone: { merchants: 1, share: 0.01 },
  acknowledging: { merchants: 1, share: 0.02, acknowledgeWithinSeconds: 20 },
  "acknowledging-late": { merchants: 1, share: 0.01, acknowledgeWithinSeconds: 1 },
  "acknowledging-never": { merchants: 1, share: 0.01, acknowledgeWithinSeconds: 1 },
};

export const MERCHANTS: readonly FleetMerchant[] = BEHAVIOURS_HERE.flatMap((behaviour) => {
  const { merchants, acknowledgeWithinSeconds } = KINDS[behaviour];
  return Array.from({ length: merchants }, (_, index) => ({
    merchantId: `${behaviour}-${index + 1}`,
    behaviour,
    ...(acknowledgeWithinSeconds !== undefined && { acknowledgeWithinSeconds }),
  }));
});

const HEALTHY = new Set(
  MERCHANTS.filter(({ behaviour }) => behaviour === "good" || behaviour === "slow").map(({ merchantId }) => merchantId),
);

/** @param draw in [0, 1): which kind by its share. @param choice in [0, 1): which merchant of that kind */
export function merchantFor(draw: number, choice: number): FleetMerchant {
  let reached = 0;
  const behaviour = BEHAVIOURS_HERE.find((kind) => draw < (reached += KINDS[kind].share)) ?? "good";
  const ofKind = MERCHANTS.filter((merchant) => merchant.behaviour === behaviour);
  return ofKind[Math.floor(choice * ofKind.length)] as FleetMerchant;
}

/** One that takes what it gets, soon or less soon: whoever waits for it waits for the pipeline. */
export function isHealthy(merchantId: string): boolean {
  return HEALTHY.has(merchantId);
}
