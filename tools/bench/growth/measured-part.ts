/**
 * Variants of one part, warmed up, measured in turn, checked, and ended: so that no part costs the next one memory or
 * time.
 */
import { inTurn, type Samples, verified } from "../cost/in-turn.ts";
import { type Variant, warmUp } from "../cost/variant.ts";
import type { GrowthRun } from "./growth-run.ts";

/** A variant, and how long it needs until it works as it will go on working. */
export interface Candidate {
  readonly variant: Variant;
  /** @default 4000 */
  readonly warmUpMs?: number;
}

const WARM_UP_MS = 4000;
/** Of a run that only shows that all of it works. */
export const SMOKE_WARM_UP_MS = 200;

/** @throws Error when something was not delivered, recorded and deleted, or with a wrong signature */
export async function measuredPart(
  candidates: readonly Candidate[],
  { options: { rounds, seconds, smoke }, starter, note }: GrowthRun,
): Promise<Samples> {
  for (const { variant, warmUpMs = WARM_UP_MS } of candidates)
    await warmUp(variant, smoke ? SMOKE_WARM_UP_MS : warmUpMs);
  const variants = candidates.map(({ variant }) => variant);
  const samples = await inTurn(variants, { rounds, ms: seconds * 1000, note });
  for (const { name } of variants) await verified(starter.world, name);
  await Promise.all(variants.map(({ process }) => process.stop()));
  return samples;
}
