/**
 * The same load spread over ever more merchants behind the same 64 origins. They are called in turn, which is the worst
 * case: one that comes again is the one that was not called for longest.
 */
import { type Candidate, measuredPart } from "./measured-part.ts";
import type { GrowthRun } from "./growth-run.ts";

export interface ByMerchants {
  /** Of the bare call in the same rounds. */
  readonly rawUs: number;
  readonly usByMerchants: Readonly<Record<string, number>>;
  readonly ratioByMerchants: Readonly<Record<string, number>>;
  /** The dearest of them divided by the cheapest. */
  readonly flatness: number;
}

const MERCHANTS = [1, 1000, 10_000, 100_000] as const;
const SMOKE_MERCHANTS = [1, 100_000] as const;
/**
 * Messages for a single merchant that the task has in hand: what its bulkhead comes to allow it
 * (`core/delivery/admission/adaptive-bulkhead.ts`, a quarter of what is free). More would find no room and be parked,
 * which is another thing than a confirmation.
 */
const IN_HAND_OF_ONE = 64;
const WARM_UP_MS = 4000;
/** Then each of the merchants is called once at least before anything is measured. */
const WARM_UP_MERCHANTS_A_SECOND = 7000;

export async function byMerchants(run: GrowthRun): Promise<ByMerchants> {
  const { starter, options } = run;
  const counts = options.smoke ? SMOKE_MERCHANTS : MERCHANTS;
  const candidates: Candidate[] = [{ variant: await starter.raw() }];
  for (const merchants of counts) {
    const shape = merchants === 1 ? { merchants, maxInHand: IN_HAND_OF_ONE } : { merchants };
    candidates.push({
      variant: await starter.worker(nameOf(merchants), shape),
      warmUpMs: WARM_UP_MS + (merchants / WARM_UP_MERCHANTS_A_SECOND) * 1000,
    });
  }
  const { cpuUs } = await measuredPart(candidates, run);
  const rawUs = cpuUs("raw");
  const costs = counts.map((merchants) => [String(merchants), cpuUs(nameOf(merchants))] as const);
  const all = costs.map(([, us]) => us);
  return {
    rawUs,
    usByMerchants: Object.fromEntries(costs),
    ratioByMerchants: Object.fromEntries(costs.map(([merchants, us]) => [merchants, us / rawUs])),
    flatness: Math.max(...all) / Math.min(...all),
  };
}

function nameOf(merchants: number): string {
  return `merchants-${merchants}`;
}
